"""`make reset`, and what of the demo never leaves this machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.running import Running


def test_reset_also_puts_back_the_example_providers_switches_and_the_mails(seeded: Running, tmp_path: Path) -> None:
    var_dir = seeded.copied_to(tmp_path / "var").site.var_dir
    switches, mail = var_dir / "wingtip" / "switches.json", var_dir / "outbox" / "1.log"
    switches.write_text('{"relay": "none", "verify": "never"}')
    mail.parent.mkdir(exist_ok=True)
    mail.write_text("Subject: of yesterday")
    env = {**os.environ, "VAR_DIR": str(var_dir)}
    told = subprocess.run(
        [sys.executable, "-m", "scripts.demo", "reset"], env=env, capture_output=True, text=True, check=True
    ).stdout
    assert "32 users created" in told
    assert not switches.exists()
    assert not mail.exists()


@pytest.mark.parametrize("address", ["0.0.0.0:8002", "192.0.2.1:8002", "[::]:8002", ":8002"])
def test_the_example_provider_serves_this_machine_only(address: str, tmp_path: Path) -> None:
    env = {**os.environ, "VAR_DIR": str(tmp_path), "WINGTIP_BIND": address}
    ended = subprocess.run(
        [sys.executable, "-m", "examples.wingtip"], env=env, capture_output=True, text=True, timeout=20, check=False
    )
    assert ended.returncode == 1
    assert "this machine only" in ended.stderr
