"""What breaks in a service is in its own log, with the traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BREAK = """
import django, logging
django.setup()
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("django.request").exception("Internal Server Error: /page")
logging.getLogger("django.request").warning("Not Found: /mistyped")
logging.getLogger("entra.signin.views.federate").warning("Answer of a third party refused: expired")
"""


@pytest.mark.parametrize("settings", ["partnercenter.settings", "entra.settings", "examples.wingtip.settings"])
def test_a_fault_is_logged_with_its_traceback(settings: str, tmp_path: Path) -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "VAR_DIR": str(tmp_path)}
    log = subprocess.run([sys.executable, "-c", BREAK], env=env, capture_output=True, text=True, check=True).stderr
    assert "Internal Server Error: /page" in log
    assert "ZeroDivisionError" in log
    assert "Answer of a third party refused: expired" in log
    assert "mistyped" not in log
