"""Wingtip's switches and the federation's settings, seen in a browser: who is asked for what, and where it ends."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from scripts.running import Running, fresh_site
from scripts.walkthrough import provider, wingtip
from scripts.walkthrough.__main__ import let_days_pass
from scripts.walkthrough.visit import WAIT, Visit

CUSTOMERS = "/commerce/customers"
OVERVIEW = "/dashboard/overview"
NOT_RECOGNIZED = re.compile("verification was not sufficient|MFA isn't recognized", re.IGNORECASE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A site of this file's own: its tests change the federation and the policies."""
    with fresh_site(tmp_path_factory.mktemp("wingtip") / "var") as started:
        yield started


@pytest.fixture
def person(chromium: Browser, site: Running) -> Iterator[Visit]:
    visit = Visit(chromium, site.site, lambda days: let_days_pass(site, days))
    visit.new_session()
    yield visit
    visit.close()


def set_policy(site: Running, *arguments: str) -> None:
    site.manage("entra.settings", "set_policy", *arguments)


def switch(person: Visit, *, verify: str, relay: str) -> None:
    """Change Wingtip's settings on its own page."""
    person.page.goto(f"{person.site.wingtip}/settings")
    person.page.locator(f"input[name='verify'][value='{verify}']").check()
    person.page.locator(f"input[name='relay'][value='{relay}']").check()
    person.press("Save")
    expect(person.page.get_by_text("Saved.")).to_be_visible(timeout=WAIT)


def sign_in_at_home(person: Visit, name: str, path: str = OVERVIEW) -> None:
    person.open(path)
    provider.expect_sign_in(person)
    provider.give_account(person, name)
    wingtip.expect_sign_in(person)
    wingtip.sign_in(person, name)


def visits_to_wingtip(person: Visit) -> int:
    return sum(address.startswith(f"{person.site.wingtip}/saml/sso") for address in person.trail)


@pytest.mark.requirement("V2", "V8")
@pytest.mark.parametrize(
    ("name", "relay"), [("yuki@wingtip.example", "attribute-short"), ("helpdesk@wingtip.example", "attribute")]
)
def test_the_proof_is_recognized_as_an_attribute_too(name: str, relay: str, person: Visit, site: Running) -> None:
    set_policy(site, "wingtip.example", "--federated-mfa", "enforce")
    switch(person, verify="always", relay=relay)
    sign_in_at_home(person, name, CUSTOMERS)
    person.arrive(CUSTOMERS)
    assert visits_to_wingtip(person) == 1


@pytest.mark.requirement("V7", "V8")
def test_a_provider_that_does_not_relay_is_asked_once_more_and_never_again(person: Visit, site: Running) -> None:
    set_policy(site, "wingtip.example", "--federated-mfa", "enforce")
    switch(person, verify="always", relay="none")
    sign_in_at_home(person, "prashob@wingtip.example")
    person.arrive(OVERVIEW)
    person.open(CUSTOMERS)
    wingtip.expect_sign_in(person)
    wingtip.sign_in(person, "prashob@wingtip.example")
    expect(person.page.locator("h1").first).to_have_text(NOT_RECOGNIZED, timeout=WAIT)
    assert visits_to_wingtip(person) == 1


@pytest.mark.requirement("V7")
def test_a_federation_whose_mfa_is_not_believed_registers_a_method_here(person: Visit, site: Running) -> None:
    set_policy(site, "wingtip.example", "--federated-mfa", "reject")
    switch(person, verify="never", relay="authncontext")
    person.open(OVERVIEW)
    provider.expect_sign_in(person)
    provider.give_account(person, "yuki@wingtip.example")
    wingtip.expect_sign_in(person)
    person.page.locator("input[type='password']").fill("Partner!2026demo")
    person.page.keyboard.press("Enter")
    person.arrive(OVERVIEW)
    person.open(CUSTOMERS)
    provider.expect_registration(person)
    provider.register_authenticator_app(person)
    person.arrive(CUSTOMERS)


def arrive_at_control(person: Visit, name: str) -> None:
    person.open(OVERVIEW)
    provider.expect_sign_in(person)
    provider.give_account(person, name)
    provider.give_password(person)
    person.page.wait_for_url(re.compile(re.escape(person.site.wingtip)))


@pytest.mark.requirement("V4")
def test_who_is_denied_by_the_custom_control_is_not_signed_in(person: Visit) -> None:
    arrive_at_control(person, "ines@wingtipcloud.example")
    person.press("Deny")
    person.page.wait_for_url(re.compile(re.escape(person.site.portal)))
    assert "AADSTS50158" in person.page.locator("body").inner_text()
    person.open(OVERVIEW)
    assert person.was_sent_to(person.site.entra)


@pytest.mark.requirement("V4")
def test_the_blocked_pages_open_once_an_administrator_allows_a_method(person: Visit, site: Running) -> None:
    arrive_at_control(person, "trent@wingtipcloud.example")
    person.press("Approve")
    person.arrive(OVERVIEW)
    person.open(CUSTOMERS)
    expect(person.page.get_by_role("link", name="Try again").first).to_be_visible(timeout=WAIT)
    set_policy(site, "wingtipcloud.example", "--allow-methods", "authenticatorApp")
    person.press("Try again")
    provider.expect_registration(person)
    provider.register_authenticator_app(person)
    person.arrive(CUSTOMERS)
