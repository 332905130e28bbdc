"""Secrets a laptop generates for itself at first run, one file each, never committed."""

import os
import secrets
from pathlib import Path


def generated(folder: Path, name: str) -> str:
    """Return the secret stored under `name` in `folder`, creating it (256 bits, mode 0600) when absent.

    Two processes that start at once agree: the file is linked into place whole, so the first one wins.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(32))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
