"""A Redis stream in memory, as far as the operation log uses one."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial

Fields = dict[str, str]


class Stream:
    """`entries` are those of every stream, the log's own under `log`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last = 0
        self.entries: dict[str, dict[str, Fields]] = defaultdict(dict)

    @property
    def log(self) -> dict[str, Fields]:
        return self.entries[self._name]

    @property
    def set_aside(self) -> list[Fields]:
        return list(self.entries[f"{self._name}:set-aside"].values())

    def xadd(self, name: str, fields: Fields) -> str:
        self._last += 1
        self.entries[name][str(self._last)] = dict(fields)
        return str(self._last)

    def xrange(self, name: str, count: int | None = None) -> list[tuple[str, Fields]]:
        return list(self.entries[name].items())[:count]

    def xlen(self, name: str) -> int:
        return len(self.entries[name])

    def xdel(self, name: str, *ids: str) -> None:
        for entry_id in ids:
            del self.entries[name][entry_id]

    def pipeline(self, transaction: bool) -> "Pipeline":
        return Pipeline(self)


class Pipeline:
    """Commands that are carried out together."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._waiting: list[Callable[[], object]] = []

    def xadd(self, name: str, fields: Fields) -> None:
        self._waiting.append(partial(self._stream.xadd, name, fields))

    def xdel(self, name: str, *ids: str) -> None:
        self._waiting.append(partial(self._stream.xdel, name, *ids))

    def execute(self) -> list[object]:
        return [command() for command in self._waiting]

    def __enter__(self) -> "Pipeline":
        return self

    def __exit__(self, *_error: object) -> None:
        self._waiting.clear()
