"""What holds on one laptop only: secrets it generates for itself, and whether a service can be reached from outside."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


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


def on_loopback(*addresses: str) -> bool:
    """Tell whether all of these URLs and `host:port` bind addresses stay on this machine."""
    hosts = (urlsplit(address if "://" in address else f"//{address}").hostname for address in addresses)
    return all(host in {"localhost", "127.0.0.1", "::1"} for host in hosts)
