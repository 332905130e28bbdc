"""Typed reads of JSON bodies. What is not understood is an error that names it: ignored, it would mean otherwise."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from entra.directory.models import Tenant
from entra.graph.errors import GraphError
from entra.signin.lockout import WouldLockOut, keeps_an_administrator

E = TypeVar("E", bound=Enum)
_MOST = 5000


@dataclass(frozen=True)
class Part:
    """One object of a body; `path` names it in errors."""

    values: dict[str, Any]
    path: str = ""

    def refuse_others(self, known: Iterable[str]) -> None:
        """Refuse what is not known here, unless it is empty and so demands nothing."""
        for name, value in self.values.items():
            if name not in known and not name.startswith("@") and value not in (None, [], {}, "", False):
                raise GraphError.bad_request(f"'{self.path}{name}' is not supported here.")

    def part(self, name: str) -> "Part":
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise self._wrong(name, "an object")
        return Part(value, f"{self.path}{name}.")

    def parts(self, name: str) -> list["Part"]:
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value) or len(value) > _MOST:
            raise self._wrong(name, "a list of objects")
        return [Part(one, f"{self.path}{name}.") for one in value]

    def text(self, name: str, *, longest: int = 200) -> str:
        value = self.values.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > longest or "\x00" in value:
            raise self._wrong(name, f"a text of 1 to {longest} characters")
        return value.strip()

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or len(value) > _MOST:
            raise self._wrong(name, "a list of texts")
        return list(dict.fromkeys(value))

    def boolean(self, name: str, *, default: bool | None = None) -> bool:
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def choice(self, name: str, choices: dict[str, E]) -> E:
        value = self.values.get(name)
        if not isinstance(value, str) or value not in choices:
            raise self._wrong(name, f"one of {', '.join(choices)}")
        return choices[value]

    def _wrong(self, name: str, wanted: str) -> GraphError:
        return GraphError.bad_request(f"'{self.path}{name}' has to be {wanted}.")


@contextmanager
def guarded(tenant: Tenant) -> Iterator[None]:
    """A write of policies that is undone and refused when it would lock the administrators out."""
    try:
        with keeps_an_administrator(tenant):
            yield
    except WouldLockOut as refusal:
        raise GraphError.lockout(str(refusal)) from refusal
