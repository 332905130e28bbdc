"""The command-line check (Q8) where no token comes: the provider refuses, is away, or makes no sense."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from accounts.models import User
from accounts.oidc import device
from tests.portal.api.checks import PENDING, Ran, refused, signs_in, waits
from tests.portal.api.conftest import Api

__all__ = ["waits"]
pytestmark = [pytest.mark.requirement("Q8"), pytest.mark.usefixtures("waits")]


@pytest.mark.parametrize(
    ("answer", "code", "reason", "says"),
    [
        (
            refused("authorization_declined", "AADSTS50158: The external challenge counts for nothing.\r\nTrace ID: 1"),
            1,
            "custom-control",
            "The external challenge counts for nothing.",
        ),
        (
            refused("authorization_declined", "AADSTS53003: A policy blocks this.\r\nTrace ID: 1"),
            1,
            "refused",
            "The provider refuses the sign-in: AADSTS53003: A policy blocks this.",
        ),
        (refused("interaction_required", "AADSTS50079: Enrol."), 1, "refused", "AADSTS50079: Enrol."),
        (refused("invalid_grant", "AADSTS50057: Disabled."), 1, "refused", "AADSTS50057: Disabled."),
        (refused("authorization_declined", "AADSTS65004: Declined."), 2, "declined", "was declined in the browser"),
        (refused("access_denied"), 2, "declined", "was declined in the browser"),
        (refused("expired_token"), 2, "expired", "The code expired before anybody signed in with it."),
        (refused("invalid_client", "AADSTS7000218: Secret."), 2, "request-refused", "AADSTS7000218: Secret."),
    ],
)
def test_a_refusal_is_told_in_the_providers_words(
    api: Api, answer: tuple[int, dict[str, Any]], code: int, reason: str, says: str, db: None
) -> None:
    api.provider.polls = [PENDING, answer]
    ran = Ran("--json")
    assert (ran.code, ran.json["reason"]) == (code, reason)
    assert says in ran.json["message"]
    assert "Trace" not in ran.out


def test_the_providers_code_is_given_by_itself(api: Api, db: None) -> None:
    api.provider.polls = [refused("authorization_declined", "AADSTS50158: The external challenge.")]
    ran = Ran()
    assert (ran.code, ran.out) == (1, "fail\n")
    assert "Reason: custom-control (AADSTS50158).\n" in ran.err
    api.provider.polls = [refused("authorization_declined", "AADSTS50158: The external challenge.")]
    assert Ran("--json").json["providerCode"] == "AADSTS50158"


def test_an_unknown_application_could_not_be_checked_with(api: Api, db: None) -> None:
    api.provider.device = {"error": "unauthorized_client", "error_description": "AADSTS700016: Unknown.\r\nTrace: 1"}
    ran = Ran("--client-id", "somebody-else")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "ERROR: The provider gives no code: AADSTS700016: Unknown.\n"


def test_a_code_that_nobody_enters_expires_here_too(api: Api, waits: list[float], db: None) -> None:
    api.provider.device["expires_in"] = 20
    api.provider.polls = [PENDING] * 10
    ran = Ran("--json")
    assert (ran.code, ran.json["reason"], waits) == (2, "expired", [5, 5, 5, 5])


def test_the_provider_is_asked_less_often_when_it_says_so(api: Api, alejandra: User, waits: list[float]) -> None:
    """RFC 8628 section 3.5."""
    signs_in(api, alejandra)
    api.provider.polls = [refused("slow_down"), *api.provider.polls]
    assert Ran().code == 0
    assert waits == [5, 10, 10]


def test_a_provider_that_is_away_for_a_moment_is_asked_again(
    api: Api, alejandra: User, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    signs_in(api, alejandra)
    api.provider.polls = [(502, {}), *api.provider.polls]
    assert Ran().code == 0
    assert waits == [5, 10, 10]


def test_a_provider_that_stays_away_could_not_be_asked(api: Api, waits: list[float], db: None) -> None:
    api.provider.polls = [(502, {})] * 9
    ran = Ran("--json")
    assert (ran.code, ran.json["result"], ran.json["reason"], len(waits)) == (2, "error", "unreachable", 3)


@pytest.mark.parametrize("changed", [{"device_code": None}, {"expires_in": "soon"}, {"user_code": None}])
def test_an_answer_that_makes_no_sense_could_not_be_used(api: Api, changed: dict[str, Any], db: None) -> None:
    told = {**api.provider.device, **changed}
    api.provider.device = {name: value for name, value in told.items() if value is not None}
    assert Ran("--json").json["reason"] == "unreachable"


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (
            requests.exceptions.SSLError("self-signed"),
            "is not trusted here. Name its authority's file in REQUESTS_CA_BUNDLE.",
        ),
        (requests.ReadTimeout(), "does not answer in time. Try again later."),
        (requests.ConnectTimeout(), "does not answer in time. Try again later."),
        (requests.ConnectionError("pool"), ". Check ENTRA_URL or OIDC_DISCOVERY_URL, and that it runs."),
        (
            OSError("no bundle at /nowhere"),
            "no bundle at /nowhere. Check ENTRA_URL, OIDC_ISSUER and OIDC_DISCOVERY_URL.",
        ),
    ],
)
def test_a_provider_that_cannot_be_reached_is_told_in_a_line_with_what_to_check(
    api: Api, failure: OSError, says: str, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    def fails(*_args: Any, **_options: Any) -> None:
        raise failure

    for method in ("get", "post"):
        monkeypatch.setattr(requests, method, fails)
    ran = Ran()
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.endswith(f"{says}\n")


@pytest.mark.parametrize("name", ["nowhere.example", "00000000-0000-4000-8000-000000000009", ""])
def test_a_tenant_that_the_provider_does_not_know_is_named(
    api: Api, name: str, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    """An empty name too: a variable that a shell has not set is not the wish for any tenant."""
    unknown = requests.Response()
    unknown.status_code = 400
    monkeypatch.setattr(requests, "get", lambda *_args, **_options: unknown)
    ran = Ran("--tenant", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f'knows no tenant "{name}". Check --tenant.\n')


def test_a_provider_without_device_codes_is_said_to_have_none(api: Api, db: None) -> None:
    api.provider.discovery = {"device_authorization_endpoint": ""}
    ran = Ran()
    assert (ran.code, ran.err) == (2, "ERROR: The identity provider offers no sign-in by device code.\n")


def test_an_interrupted_run_says_so(api: Api, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(device, "sleep", interrupted)
    ran = Ran()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("ERROR: Interrupted before the sign-in was over.\n")


@pytest.mark.parametrize(("said_to", "says"), [(">/dev/full", "No space left on device"), ("| true", "Broken pipe")])
def test_a_result_that_nobody_hears_is_no_fail(said_to: str, says: str, tmp_path: Path) -> None:
    """Exit code 1 says something of the account."""
    command = f"set -o pipefail; {sys.executable} manage.py test_partner_security_requirement --json {said_to}"
    env = {**os.environ, "ENTRA_URL": "http://localhost:1", "VAR_DIR": str(tmp_path)}
    ran = subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (2, f"ERROR: The result could not be printed: {says}.\n")


def test_a_terminal_is_sent_no_control_characters(api: Api, db: None) -> None:
    api.provider.device["user_code"] = "BCDF\x1b[2J"
    api.provider.polls = [refused("access_denied", "AADSTS53003: \x1b]0;owned\x07")]
    assert "\x1b" not in Ran().err


def test_a_provider_without_codes_of_its_own_is_quoted_too(api: Api, db: None) -> None:
    api.provider.polls = [refused("interaction_required", "Account is not fully set up")]
    ran = Ran("--json")
    assert (ran.json["providerCode"], ran.json["message"]) == (
        None,
        "The provider refuses the sign-in: Account is not fully set up",
    )
