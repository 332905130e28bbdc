"""The command-line check of the security requirements (Q8), run as a program while somebody approves its code."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from scripts.running import Running
from scripts.services import ROOT
from scripts.walkthrough import provider, wingtip
from scripts.walkthrough.visit import WAIT, Visit

pytestmark = pytest.mark.requirement("Q8")
COMMAND = [sys.executable, "manage.py", "test_partner_security_requirement", "--no-browser"]
SHOWN = re.compile(r"Open (?P<address>\S+) in a browser and enter the code (?P<code>[A-Z]{4}-[A-Z]{4}) within 15 min")
Person = Callable[[Visit], None]


class Ran:
    """One run: what stood on standard output, on standard error after the code, and the exit code."""

    def __init__(self, env: dict[str, str], visit: Visit, person: Person, *arguments: str) -> None:
        command = [*COMMAND, *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, cwd=ROOT, env=env, text=True, **pipes) as process:
            assert process.stderr is not None
            first = process.stderr.readline()
            shown = SHOWN.match(first)
            assert shown is not None, first + process.stderr.read()
            enter(visit, shown["address"], shown["code"])
            person(visit)
            self.out, self.err = process.communicate(timeout=60)
        self.code = process.returncode


def enter(visit: Visit, address: str, code: str) -> None:
    visit.page.goto(address)
    visit.page.locator("input[name='user_code']").fill(code)
    visit.page.keyboard.press("Enter")


def signs_in(account: str, *then: Person) -> Person:
    def person(visit: Visit) -> None:
        visit.press("Continue")
        provider.give_account(visit, account)
        visit.page.wait_for_url(re.compile(r"/password$"))
        provider.give_password(visit)
        for step in then:
            step(visit)
        expect(visit.page.get_by_role("heading", name="You have signed in")).to_be_visible(timeout=WAIT)

    return person


def verifies(visit: Visit) -> None:
    provider.expect_verification(visit)
    provider.give_code(visit, provider.code_of_persona(visit, "alejandra@contoso.example"))


def goes_on_and_is_refused(visit: Visit) -> None:
    visit.press("Continue")
    expect(visit.page.get_by_role("heading", name="The device was not signed in")).to_be_visible(timeout=WAIT)


def cancels(visit: Visit) -> None:
    visit.press("Cancel")
    expect(visit.page.get_by_role("heading", name="The device was not signed in")).to_be_visible(timeout=WAIT)


@pytest.fixture
def check(running: Running, visit: Visit) -> Callable[..., Ran]:
    def run(person: Person, *arguments: str, **changed: str) -> Ran:
        return Ran({**running.env, **changed}, visit, person, *arguments)

    return run


@pytest.mark.requirement("V1")
def test_alejandra_whose_organization_enforces_mfa_passes(check: Any) -> None:
    ran = check(signs_in("alejandra@contoso.example", verifies))
    assert (ran.code, ran.out, ran.err) == (0, "pass\n", "Reason: mfa.\n")


@pytest.mark.requirement("V3")
def test_john_whose_organization_asks_for_none_fails(check: Any) -> None:
    ran = check(signs_in("john@fabrikam.example"))
    assert (ran.code, ran.out) == (1, "fail\n")
    warning, reason, *_hint = ran.err.splitlines()
    assert warning.startswith("WARNING: ")
    assert warning.endswith(": amr was pwd.")
    assert reason in {"Reason: no-mfa.", "Reason: registration-pending."}  # the daily job may have been there


@pytest.mark.requirement("V4")
@pytest.mark.requirement("V9")
def test_trent_whose_organization_has_a_custom_control_fails_and_hears_why(check: Any) -> None:
    ran = check(signs_in("trent@wingtipcloud.example", wingtip.approve_custom_control))
    assert (ran.code, ran.out) == (1, "fail\n")
    assert "amr was pwd" in ran.err
    demanded = check(goes_on_and_is_refused, "--demand-mfa", "--json")
    assert demanded.code == 1
    said = json.loads(demanded.out)
    assert (said["result"], said["reason"], said["providerCode"]) == ("fail", "custom-control", "AADSTS50158")


def test_a_sign_in_that_is_declined_says_nothing_of_the_account(check: Any) -> None:
    ran = check(cancels)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "ERROR: The sign-in was declined in the browser.\n"


def test_another_machine_needs_the_providers_address_alone(check: Any, tmp_path: Path) -> None:
    """No database, no keys: as where the portal is deployed elsewhere."""
    own = {"VAR_DIR": str(tmp_path / "elsewhere"), "PORTAL_URL": "http://localhost:1"}
    ran = check(signs_in("john@fabrikam.example"), "--json", "--tenant", "fabrikam.example", **own)
    said = json.loads(ran.out)
    assert (ran.code, said["reason"], said["enrolled"], said["user"]) == (1, "no-mfa", None, "john@fabrikam.example")
