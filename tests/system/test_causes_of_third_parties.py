"""Why people work without MFA where a third party is to do it, and what puts it right (Q5, V8, V9)."""

from collections.abc import Iterator

import pytest
from lxml import html
from playwright.sync_api import Browser, expect

from scripts.running import Running
from scripts.walkthrough import provider, wingtip
from scripts.walkthrough.__main__ import visit_of
from scripts.walkthrough.visit import WAIT, Visit
from tests.system.causes import CAUSES, OVERVIEW, TAIL, Row, listed, look
from tests.system.causes import provider as administer

pytestmark = pytest.mark.requirement("Q5")
PRASHOB, YUKI, TRENT = "prashob@wingtip.example", "yuki@wingtip.example", "trent@wingtipcloud.example"
PORTAL = "Partner Center"


@pytest.fixture
def person(chromium: Browser, own_site: Running) -> Iterator[Visit]:
    visit = visit_of(chromium, own_site)
    visit.new_session()
    yield visit
    visit.close()


def causes(person: Visit) -> dict[tuple[str, str], Row]:
    person.open(CAUSES)
    return listed(html.fromstring(person.page.content()))


def read(person: Visit, row: Row) -> str:
    person.open(row.address)
    return " ".join(person.page.locator("main").inner_text().split())


def relay(person: Visit, how: str) -> None:
    person.page.goto(f"{person.site.wingtip}/settings")
    person.page.locator("input[name='verify'][value='always']").check()
    person.page.locator(f"input[name='relay'][value='{how}']").check()
    person.press("Save")
    expect(person.page.get_by_text("Saved.")).to_be_visible(timeout=WAIT)


def sign_in_at_wingtip(person: Visit, name: str = PRASHOB) -> None:
    person.new_session()
    person.open(OVERVIEW)
    provider.give_account(person, name)
    wingtip.sign_in(person, name)
    person.arrive(OVERVIEW)


def sign_in_past_the_custom_control(person: Visit) -> None:
    person.new_session()
    person.open(OVERVIEW)
    provider.give_account(person, TRENT)
    provider.give_password(person)
    wingtip.approve_custom_control(person)
    person.arrive(OVERVIEW)


@pytest.mark.requirement("V8")
def test_a_federation_without_the_proof_is_named_until_the_proof_is_sent(person: Visit, own_site: Running) -> None:
    site = own_site
    relay(person, "none")
    sign_in_at_wingtip(person)
    look(site, "Wingtip")
    row = causes(person)[PRASHOB, PORTAL]
    assert row.cause == "The organization's own provider sends no proof of MFA"
    said = read(person, row)
    assert f"The provider of wingtip.example signed {PRASHOB} in and sent another value than the one that" in said
    assert "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport" in said
    assert "http://schemas.microsoft.com/claims/multipleauthn" in said
    fix = person.page.get_by_role("link", name="Have the provider send the proof of MFA")
    assert (fix.get_attribute("href") or "").startswith(f"{site.site.entra}/admin/federation/wingtip.example?")

    relay(person, "authncontext")
    sign_in_at_wingtip(person)
    look(site, "Wingtip")
    row = causes(person)[PRASHOB, PORTAL]
    assert row.cause == TAIL
    said = read(person, row)
    assert f"MFA is enforced for {PRASHOB} by now: Federation that relays the proof." in said
    person.let_days_pass(7)
    administer(site, "set_role", YUKI, "AdminAgents")  # Prashob's next code is half a minute away
    sign_in_at_wingtip(person, YUKI)
    assert causes(person) == {}


@pytest.mark.requirement("V9")
def test_a_custom_control_never_counts_until_the_policy_asks_for_mfa(person: Visit, own_site: Running) -> None:
    site = own_site
    sign_in_past_the_custom_control(person)
    look(site, "Wingtip Cloud")
    row = causes(person)[TRENT, PORTAL]
    assert row.cause == "A custom control, which never counts as MFA"
    said = read(person, row)
    assert f"The policy “Wingtip approval for everybody” sends {TRENT} to a custom control." in said
    assert "customControlNeverCounts" in said
    fix = person.page.get_by_role("link", name="Have the policy ask for MFA instead of the custom control")
    assert (fix.get_attribute("href") or "").startswith(f"{site.site.entra}/admin/policies/")

    domain = "wingtipcloud.example"
    administer(site, "set_policy", domain, "--custom-controls", "off", "--allow-methods", "authenticatorApp")
    administer(site, "set_policy", domain, "--require-mfa", "all")
    look(site, "Wingtip Cloud")
    assert causes(person)[TRENT, PORTAL].cause == TAIL
    person.let_days_pass(7)
    person.new_session()
    person.open(OVERVIEW)
    provider.give_account(person, TRENT)
    provider.give_password(person)
    provider.register_authenticator_app(person)
    person.arrive(OVERVIEW)
    assert causes(person) == {}
