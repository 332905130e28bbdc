"""The demo's tools for developers, through the real services: tokens that meet the API, a fault that a client meets."""

import time
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough.visit import Visit
from tests.system.test_revocation import signed_in

ADMIN, SALES = "alejandra@contoso.example", "sales@contoso.example"
FORGE, FAULTS, CALLS = (f"/dashboard/help/api/{page}" for page in ("token-forge", "faults", "calls"))
CUSTOMERS = "/v1/customers"


@pytest.fixture(scope="module")
def developer(chromium: Browser, running: Running) -> Iterator[Visit]:
    """An administrator who has verified, once: a code counts once."""
    with signed_in(chromium, running, ADMIN) as visit:
        yield visit


def forged(visit: Visit, **chosen: str) -> str:
    """The token that the page shows for these choices, made from a fresh form."""
    visit.open(FORGE)
    for name, value in chosen.items():
        control = visit.page.locator(f"[name={name}]")
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    visit.press("Make the token")
    return visit.page.locator(".code-block code").inner_text()


def called(visit: Visit, token: str, path: str = CUSTOMERS) -> requests.Response:
    return requests.get(f"{visit.site.portal}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=20)


def answered(visit: Visit, token: str) -> tuple[int, str]:
    response = called(visit, token)
    return response.status_code, "" if response.ok else str(response.json()["code"])


@pytest.mark.requirement("A3", "A7")
def test_forged_tokens_are_answered_for_what_they_are(developer: Visit) -> None:
    chosen = {
        "good": {},
        "of another person": {"person": SALES},
        "without MFA": {"amr": "pwd"},
        "for the directory": {"audience": "graph"},
        "v2": {"version": "2.0"},
        **{flaw: {"flaw": flaw} for flaw in (
            "unsigned", "publicKeyAsSecret", "unknownKey", "badSignature", "otherTenant", "otherIssuer", "expired",
            "notYetValid",
        )},
    }  # fmt: skip
    tokens = {name: forged(developer, **choices) for name, choices in chosen.items()}
    refused = (401, "400")
    assert {name: answered(developer, token) for name, token in tokens.items()} == {
        "good": (200, ""),
        "of another person": (200, ""),
        "without MFA": (401, "900421"),
        "for the directory": (401, "900420"),
        "v2": refused,
        "unsigned": refused,
        "publicKeyAsSecret": refused,
        "unknownKey": refused,
        "badSignature": refused,
        "otherTenant": refused,
        "otherIssuer": refused,
        "expired": refused,
        "notYetValid": refused,
    }
    without = called(developer, tokens["without MFA"])
    assert (without.reason, without.headers["WWW-Authenticate"]) == (
        "Unauthorized - MFA required",
        'Bearer error="invalid_token"',
    )
    asked = requests.get(
        f"{developer.site.entra}/graph/v1.0/users",
        headers={"Authorization": f"Bearer {tokens['for the directory']}"},
        timeout=10,
    )
    assert asked.status_code == 401
    forged(developer, amr="pwd")
    developer.press("See how an operation would answer")
    developer.expect_heading("Token decoder")
    assert "900421" in developer.page.locator("main").inner_text()


def test_a_fault_is_seen_by_a_client_and_ends_by_itself(developer: Visit) -> None:
    token = forged(developer)
    developer.open(FAULTS)
    developer.page.locator("[name=kind]").select_option("throttled")
    developer.page.locator("[name=most]").fill("2")
    developer.page.locator("[name=seconds]").fill("1")
    developer.page.locator("[name=only_mine]").check()
    developer.press("Start it")
    developer.page.get_by_text("The fault is in effect.").wait_for()
    seen = []
    while not seen or seen[-1][0] == 429:
        response = called(developer, token)
        seen.append((response.status_code, response.headers.get("X-Injected-Fault")))
        time.sleep(int(response.headers.get("Retry-After", "0")))
    assert seen == [(429, "throttled"), (429, "throttled"), (200, None)]
    developer.page.reload()
    assert "None: every call is answered as it is." in developer.page.locator("main").inner_text()
    developer.open(CALLS)
    assert developer.page.locator("main").get_by_text("429 injected 429").count() == 2
