"""The environment as settings read it: `NAME`, or the content of the file that `NAME_FILE` names."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class _Trimmed(FileAwareMapping):  # type: ignore[misc]
    """Editors and `echo` end a file with a line feed, which is no part of a secret."""

    def __getitem__(self, key: str) -> str:
        value: str = super().__getitem__(key)
        return value.rstrip("\r\n") if self.env.get(f"{key}_FILE") else value


class Environment(environ.Env):  # type: ignore[misc]
    ENVIRON = _Trimmed()
