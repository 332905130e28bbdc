"""`python -m examples.wingtip`: serves Wingtip's identity provider on WINGTIP_BIND, a loopback address."""

import os
import sys

from secretstore.local import on_loopback

BIND = os.environ.get("WINGTIP_BIND", "127.0.0.1:8002")
COMMAND = [
    sys.executable,
    "-m",
    "gunicorn",
    "examples.wingtip.wsgi",
    f"--bind={BIND}",
    "--worker-class=gthread",
    "--workers=1",  # used codes and wrong guesses are counted in memory
    "--threads=4",
    "--no-control-socket",
]

if __name__ == "__main__":
    if not on_loopback(BIND):
        sys.exit(f"Wingtip shows its people's codes and password to everybody: this machine only, not {BIND}.")
    os.execv(sys.executable, COMMAND)  # noqa: S606 - our own server, no shell
