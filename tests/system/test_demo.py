"""`make reset`, the addresses and folders that `make run` serves, and what never leaves this machine."""

import os
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import demo, schema
from scripts.running import Running
from scripts.services import ROOT
from scripts.tls import certificates


def reset(var_dir: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "scripts.demo", "reset"]
    environment = {**os.environ, "VAR_DIR": str(var_dir), **env}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def customers(var_dir: Path) -> list[str]:
    with sqlite3.connect(var_dir / "portal.sqlite3") as connection:
        return [name for (name,) in connection.execute("SELECT company_name FROM customers_customer ORDER BY id")]


def rename_first(var_dir: Path, name: str) -> None:
    with sqlite3.connect(var_dir / "portal.sqlite3") as connection:
        connection.execute(
            "UPDATE customers_customer SET company_name = ? WHERE id = (SELECT min(id) FROM customers_customer)", [name]
        )


def test_reset_puts_back_the_world_the_outbox_and_the_example_providers_switches(
    seeded: Running, tmp_path: Path
) -> None:
    var_dir = seeded.copied_to(tmp_path / "var").site.var_dir
    before = customers(var_dir)
    rename_first(var_dir, "Renamed")
    (var_dir / "outbox").mkdir(exist_ok=True)
    (var_dir / "outbox" / "mail.log").write_text("an old mail")
    (var_dir / "wingtip" / "switches.json").write_text('{"relay": "none", "verify": "never"}')
    assert reset(var_dir).returncode == 0
    assert customers(var_dir) == before
    assert not (var_dir / "outbox" / "mail.log").exists()
    assert not (var_dir / "wingtip" / "switches.json").exists()


def test_reset_takes_nothing_away_where_demo_mode_is_off(seeded: Running, tmp_path: Path) -> None:
    var_dir = seeded.copied_to(tmp_path / "var").site.var_dir
    before = customers(var_dir)
    refused = reset(var_dir, DEMO="no")
    assert refused.returncode == 1
    assert "Demo mode is off" in refused.stderr
    assert customers(var_dir) == before


def test_a_site_that_answers_over_https_is_reset_at_its_https_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(demo, "answers", lambda url, env: url == "https://localhost:8000/healthz")
    assert demo.demo_site().portal == "http://localhost:8000"  # it never ran over https
    certificates(tmp_path / "tls")
    assert demo.demo_site().portal == "https://localhost:8000"
    monkeypatch.setattr(demo, "answers", lambda url, env: False)
    assert demo.demo_site().portal == "http://localhost:8000"


def test_certificates_may_lie_in_a_folder_with_spaces(tmp_path: Path) -> None:
    folder = tmp_path / "my clone"
    assert shlex.split(certificates(folder)["GUNICORN_CMD_ARGS"]) == [
        f"--certfile={folder / 'certificate.pem'}",
        f"--keyfile={folder / 'key.pem'}",
    ]


@pytest.mark.parametrize("address", ["0.0.0.0:8002", "192.0.2.1:8002", "[::]:8002", ":8002"])
def test_the_example_provider_serves_this_machine_only(address: str, tmp_path: Path) -> None:
    env = {**os.environ, "VAR_DIR": str(tmp_path), "WINGTIP_BIND": address}
    ended = subprocess.run(
        [sys.executable, "-m", "examples.wingtip"], env=env, capture_output=True, text=True, timeout=20, check=False
    )
    assert ended.returncode == 1
    assert "this machine only" in ended.stderr


def test_databases_of_another_version_are_left_alone_and_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "portal.sqlite3") as connection:
        connection.execute("CREATE TABLE customers_customer (company_name TEXT)")
        connection.execute("INSERT INTO customers_customer VALUES ('Kept')")
    refused = reset(tmp_path)
    assert refused.returncode == 1
    assert "another version" in refused.stderr
    with sqlite3.connect(tmp_path / "portal.sqlite3") as connection:
        assert connection.execute("SELECT company_name FROM customers_customer").fetchall() == [("Kept",)]


def test_an_empty_database_and_a_start_that_was_cut_short_are_no_other_version(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "entra.sqlite3") as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # as a command that only looked leaves it
    schema.claim(tmp_path)
    with sqlite3.connect(tmp_path / "entra.sqlite3") as connection:
        connection.execute("CREATE TABLE half_made (id INTEGER)")
    schema.claim(tmp_path)
