"""Mei of Proseware is a guest of Contoso: she signs in with her own account, and Contoso's rules decide (M15)."""

import time

import pytest
from playwright.sync_api import Browser, expect

from scripts.running import Running
from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit
from tests.system.test_admin_center import browser_of, go, sign_in
from tests.system.test_revocation import ADMIN, CUSTOMERS, OVERVIEW, status

pytestmark = pytest.mark.requirement("M15")
MEI, MEI_AT_CONTOSO = "mei@proseware.example", "mei_proseware.example#ext#@contoso.example"
CONTOSO = "c0000000-0000-4000-8000-000000000001"
BLOCKED = "A policy of your organization does not let you sign in from here."


@pytest.fixture
def site(own_site: Running) -> Running:
    """Mei is a Sales agent of Contoso; Proseware, her home, demands nothing of anybody."""
    own_site.manage("entra.settings", "set_role", MEI_AT_CONTOSO, "SalesAgents")
    own_site.manage("entra.settings", "set_policy", "proseware.example", "--security-defaults", "off")
    return own_site


def visit_contoso(visit: Visit, page: str = OVERVIEW) -> None:
    visit.open(f"/oidc/authenticate?tenant={CONTOSO}&next={page}")


def give_name_and_password(visit: Visit) -> None:
    provider.give_account(visit, MEI)
    provider.give_password(visit)


class Phone:
    """Mei's phone. A code works once, so another one than the last is waited for."""

    def __init__(self) -> None:
        self._last = ""

    def verify(self, visit: Visit) -> None:
        deadline = time.monotonic() + 40
        while (code := provider.code_of_persona(visit, MEI)) == self._last and time.monotonic() < deadline:
            time.sleep(1)
        self._last = code
        provider.give_code(visit, code)


@pytest.fixture
def phone() -> Phone:
    return Phone()


def verify_at_home(visit: Visit, phone: Phone) -> None:
    """Open a page of Proseware's that needs MFA, so that Mei has verified at home."""
    visit.open(CUSTOMERS)
    give_name_and_password(visit)
    provider.expect_verification(visit)
    phone.verify(visit)
    visit.arrive(CUSTOMERS)


def expect_profile(visit: Visit, organization: str, amr: str) -> None:
    visit.open("/dashboard/me/profile")
    main = visit.page.locator("main")
    expect(main).to_contain_text(organization)
    expect(main).to_contain_text(amr)


def set_trust(admin: Visit, button: str, said: str) -> None:
    """An administrator of Contoso decides it in the provider's admin center."""
    go(admin, "Guests", "Guests")
    expect(admin.page.get_by_role("cell", name=MEI)).to_be_visible()
    admin.press(button)
    expect(admin.page.get_by_text(said)).to_be_visible()


def test_home_mfa_counts_where_an_administrator_of_the_organization_visited_trusts_it(
    chromium: Browser, site: Running, phone: Phone
) -> None:
    with browser_of(chromium, site) as admin:
        admin.page.goto(f"{site.site.entra}/admin")
        sign_in(admin, ADMIN)
        with browser_of(chromium, site) as visit:  # not trusted: the rule of Contoso asks again
            verify_at_home(visit, phone)
            visit_contoso(visit, CUSTOMERS)
            provider.expect_verification(visit)
            phone.verify(visit)
            visit.arrive(CUSTOMERS)
            expect_profile(visit, "Contoso", "pwd, otp, mfa")
        set_trust(admin, "Trust it", "MFA done at home is trusted, from the next sign-in.")
        with browser_of(chromium, site) as visit:  # trusted: one verification, at home
            verify_at_home(visit, phone)
            visit_contoso(visit, CUSTOMERS)
            visit.arrive(CUSTOMERS)
            provider.expect_never_asked_to_verify(visit)
            expect_profile(visit, "Contoso", "pwd, otp, mfa")
        set_trust(admin, "Stop trusting it", "MFA done at home is no longer trusted.")
        with browser_of(chromium, site) as visit:
            verify_at_home(visit, phone)
            visit_contoso(visit)
            provider.expect_verification(visit)


def test_contosos_rules_and_not_prosewares_are_weighed(chromium: Browser, site: Running, phone: Phone) -> None:
    with browser_of(chromium, site) as visit:
        visit.open(OVERVIEW)
        give_name_and_password(visit)
        visit.arrive(OVERVIEW)  # at home nothing is demanded
        expect_profile(visit, "Proseware", "pwd")
        visit_contoso(visit, CUSTOMERS)
        provider.expect_verification(visit)  # "MFA for everybody" is Contoso's
        phone.verify(visit)
        visit.arrive(CUSTOMERS)
        expect_profile(visit, "Contoso", "pwd, otp, mfa")
        assert status(visit, "/dashboard/billing") == 403  # a Sales agent there, whatever the role at home
    block = ("set_conditional_access", "contoso.example", "No Mei", "--grant", "block", "--users", MEI_AT_CONTOSO)
    site.manage("entra.settings", *block)
    with browser_of(chromium, site) as visit:
        visit_contoso(visit)
        give_name_and_password(visit)
        expect(visit.page.get_by_text(BLOCKED)).to_be_visible()
        visit.open(OVERVIEW)  # at home she is let in
        visit.arrive(OVERVIEW)
        expect_profile(visit, "Proseware", "pwd")


def test_a_guest_administers_the_organization_visited_and_goes_to_and_fro(
    chromium: Browser, site: Running, phone: Phone
) -> None:
    site.manage("entra.settings", "set_role", MEI_AT_CONTOSO, "Security Administrator")
    site.manage("entra.settings", "set_role", MEI, "Security Administrator")
    with browser_of(chromium, site) as visit:
        visit.page.goto(f"{site.site.entra}/admin?tenant=contoso.example")
        give_name_and_password(visit)
        provider.expect_verification(visit)
        phone.verify(visit)
        visit.expect_heading("Overview")
        go(visit, "Conditional access", "Conditional access")
        expect(visit.page.get_by_role("link", name="MFA for everybody")).to_be_visible()
        switch_to(visit, "Proseware")
        go(visit, "Conditional access", "Conditional access")
        expect(visit.page.get_by_role("link", name="MFA for everybody")).to_have_count(0)
        go(visit, "Per-user MFA", "Per-user MFA")
        expect(visit.page.get_by_role("cell", name="olga@proseware.example")).to_be_visible()
        switch_to(visit, "Contoso")
        provider.expect_never_asked_to_register(visit)
        go(visit, "Guests", "Guests")
        expect(visit.page.get_by_role("cell", name=MEI)).to_be_visible()


def switch_to(visit: Visit, organization: str) -> None:
    card = visit.page.locator("details.account")
    card.locator("summary").click()
    card.get_by_role("link", name=organization, exact=True).click()
    visit.expect_heading("Overview")
    card = visit.page.locator("details.account")
    card.locator("summary").click()
    expect(card.locator("[aria-current]")).to_contain_text(organization)
    card.locator("summary").click()
