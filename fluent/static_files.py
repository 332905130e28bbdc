"""Where static files are served from."""

from django.contrib.staticfiles.storage import StaticFilesStorage


class RememberedAddresses(StaticFilesStorage):
    """Works out the address of a file once a process: each page names ten, and they never change."""

    def __init__(self) -> None:
        super().__init__()
        self._addresses: dict[str, str] = {}

    def url(self, name: str | None) -> str:
        if name is None:
            return super().url(name)
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]
