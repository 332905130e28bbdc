"""The examples of docs/api.md run as they stand, over https. Only the person at the browser is played."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from scripts import node
from scripts.running import Running
from scripts.services import ROOT
from scripts.walkthrough import provider
from scripts.walkthrough.visit import WAIT, Visit
from tests.system.newcomers import newcomers

BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"open the page (?P<address>\S+) and enter the code (?P<code>[A-Z]{4}-[A-Z]{4})\.")
LONGEST = 120
"""Seconds after which an example that does not end is ended."""
SURROUNDINGS, CURL, CURL_WITH_MFA, REGISTRATION = range(4)
"""The shell's blocks, in their order."""


def blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "api.md").read_text()
    return [found["text"] for found in BLOCK.finditer(text) if found["language"] == language]


def named(name: str) -> str:
    """The program whose first line says its file name."""
    (found,) = [text for language in ("python", "js") for text in blocks(language) if text.split()[1] == name]
    return found


class Workplace:
    """A folder with the programs and the libraries they name, and a shell in which the first block was run."""

    def __init__(self, site: Running, folder: Path) -> None:
        self._folder = folder
        own = blocks("sh")[SURROUNDINGS].replace("https://localhost:8001", site.site.entra)
        own = own.replace("https://localhost:8000", site.site.portal).replace("$PWD/var", str(site.site.var_dir))
        set_there = set(re.findall(r"\b([A-Z_]+)=", own))
        self._env = {name: value for name, value in site.env.items() if name not in set_there}
        self._env["PATH"] = f"{self._env['PATH']}:{node.search_path()}"
        self._own = own
        node.install()
        (folder / "node_modules").symlink_to(node.INSTALLED)
        for name in ("customers.py", "customers.mjs", "audit.py"):
            (folder / name).write_text(named(name))

    def path(self, name: str) -> Path:
        return self._folder / name

    def run(self, *commands: str, at: Path | None = None, person: Callable[[str, str], None] | None = None) -> str:
        """What the commands print; they have to succeed. `person` is given each page and code that is shown."""
        script = ["bash", "-euc", "\n".join((self._own, *commands))]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        printed = ""
        options: Any = {"text": True, "start_new_session": True}
        with subprocess.Popen(script, cwd=at or self._folder, env=self._env, **pipes, **options) as process:
            assert process.stdout is not None
            last_resort = Timer(LONGEST, os.killpg, (process.pid, signal.SIGKILL))
            last_resort.start()
            try:
                for line in process.stdout:
                    printed += line
                    if person is not None and (shown := SHOWN.search(line)):
                        person(shown["address"], shown["code"])
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            finally:
                last_resort.cancel()
        assert process.returncode == 0, printed
        return printed


@pytest.fixture(scope="module")
def workplace(tls_site: Running, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return Workplace(tls_site, tmp_path_factory.mktemp("workplace"))


@pytest.fixture
def account(tls_site: Running) -> str:
    """Somebody who sells, and has registered no method."""
    return newcomers(tls_site, "SalesAgents")[0]


@pytest.fixture
def visit(chromium: Browser, tls_site: Running) -> Iterator[Visit]:
    visit = Visit(chromium, tls_site.site, lambda days: None)
    visit.new_session()
    yield visit
    visit.close()


def signing_in(visit: Visit, account: str) -> Callable[[str, str], None]:
    """Somebody who types the code in, and signs in the first time, and registers a method the second."""
    times = iter((True, False))

    def approve(address: str, code: str) -> None:
        visit.page.goto(address)
        visit.page.locator("input[name='user_code']").fill(code)
        visit.page.keyboard.press("Enter")
        visit.press("Continue")
        if next(times):
            provider.give_account(visit, account)
            visit.page.wait_for_url(re.compile(r"/password$"))
            provider.give_password(visit)
        else:
            provider.expect_registration(visit)
            provider.register_authenticator_app(visit)
        expect(visit.page.get_by_role("heading", name="You have signed in")).to_be_visible(timeout=WAIT)

    return approve


@pytest.mark.requirement("A2")
@pytest.mark.requirement("A3")
def test_with_curl_a_token_without_mfa_is_refused_and_one_with_it_lists_customers(
    workplace: Workplace, visit: Visit, account: str
) -> None:
    shell = blocks("sh")
    person = signing_in(visit, account)
    printed = workplace.run(shell[CURL], shell[CURL_WITH_MFA], person=person).replace("\r", "")
    refused, listed = printed.split("HTTP/1.1 ")[1:]
    (expected,) = blocks("http")
    for line in expected.splitlines():
        assert f"{line}\n" in f"HTTP/1.1 {refused}"
    assert '"code":"900421"' in refused
    assert listed.startswith("200 OK")
    assert "isMfaCompliant: true" in listed
    assert listed.count('"companyName"') == 5


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(("program", "name"), [("python", "customers.py"), ("node", "customers.mjs")])
def test_a_program_signs_in_again_with_mfa_when_it_is_refused(
    workplace: Workplace, visit: Visit, account: str, program: str, name: str
) -> None:
    printed = workplace.run(f"{program} {name}", person=signing_in(visit, account)).splitlines()
    first, refused, second, *customers = printed
    assert SHOWN.search(first)
    assert refused == "401 Unauthorized - MFA required"
    assert SHOWN.search(second)
    assert len(customers) == 5


@pytest.mark.requirement("A6")
def test_an_application_is_registered_and_acts_by_itself(workplace: Workplace) -> None:
    program = f"python {workplace.path('audit.py')}"
    printed = workplace.run(blocks("sh")[REGISTRATION], program, at=ROOT)
    assert printed.splitlines()[-2:] == ["auditrecords 200 ", "customers 403 900329"]
