"""The browser of tests and walkthroughs: the installed Chromium, else Debian's package where we may install it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
JAPANESE_FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/noto-cjk")


def executable() -> str:
    """Path of the browser; `CHROMIUM` names another one."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        sys.exit("No Chromium found. Install it (Debian: apt-get install chromium fonts-noto-cjk) or set CHROMIUM.")
    return path


def install_missing() -> None:
    """Install browser and Japanese fonts by apt where this user may; otherwise say what to install."""
    missing = []
    if not os.environ.get("CHROMIUM") and not any(map(shutil.which, NAMES)):
        missing.append("chromium")
    if not any(Path(path).exists() for path in JAPANESE_FONTS) and not _font_for("ja"):
        missing.append("fonts-noto-cjk")
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(f"The browser tests need {' and '.join(missing)}. Install them, for example: sudo {' '.join(install)}")
    print(f"Installing {' and '.join(missing)} ...", flush=True)
    subprocess.check_call(["apt-get", "update", "--quiet"])
    subprocess.check_call(install, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def _font_for(language: str) -> bool:
    tool = shutil.which("fc-list")
    return bool(tool and subprocess.check_output([tool, f":lang={language}"], text=True).strip())


@contextmanager
def browser(*, headed: bool = False) -> Iterator[Browser]:
    """One Chromium. Its sandbox cannot work for root, as whom containers run."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable(), headless=not headed, slow_mo=400 if headed else 0, args=arguments
        )
        try:
            yield chromium
        finally:
            chromium.close()
