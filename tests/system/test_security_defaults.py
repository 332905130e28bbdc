"""Security defaults, switched on in the admin center, over the days that follow (V12)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scripts.running import Running, started
from scripts.walkthrough import provider
from scripts.walkthrough.__main__ import visit_of
from scripts.walkthrough.authenticator import Authenticator
from scripts.walkthrough.visit import Visit

pytestmark = pytest.mark.requirement("V12")
ADMIN, JOHN, BILLING = "globaladmin@fabrikam.example", "john@fabrikam.example", "billing@fabrikam.example"
OVERVIEW, CUSTOMERS = "/dashboard/overview", "/commerce/customers"
OTHER_DEVICE = {"user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
OTHER_PLACE = {"extra_http_headers": {"X-Forwarded-For": "203.0.113.9"}}


@pytest.fixture
def defended(seeded: Running, tmp_path: Path, chromium: Browser) -> Iterator[Running]:
    """A site of its own, told of places by a proxy, where Fabrikam's administrator switched security defaults on."""
    site = seeded.copied_to(tmp_path / "var")
    site.env["TRUSTED_PROXIES"] = "127.0.0.1"
    with started(site) as running:
        with person(chromium, running) as admin:
            admin.page.goto(f"{running.site.entra}/admin")
            give_name_and_password(admin, ADMIN)
            provider.register_authenticator_app(admin)
            admin.expect_heading("Overview")
            rail = admin.page.get_by_role("navigation", name="Main")
            rail.get_by_role("link", name="Security defaults", exact=True).click()
            admin.press("Switch on")
            expect(admin.page.get_by_text("Security defaults are on.", exact=True)).to_be_visible()
        yield running


@contextmanager
def person(chromium: Browser, site: Running) -> Iterator[Visit]:
    visit = visit_of(chromium, site)
    visit.new_session()
    yield visit
    visit.close()


def give_name_and_password(visit: Visit, account: str) -> None:
    provider.give_account(visit, account)
    provider.give_password(visit)


def sign_in(visit: Visit, account: str, **device: object) -> None:
    """Name and password, in a browser that keeps nothing from before."""
    visit.new_session(**device)
    visit.open(OVERVIEW)
    give_name_and_password(visit, account)


def skip(visit: Visit, label: str) -> None:
    """Registration is offered, with this button to put it off; afterwards the page asked for is there."""
    provider.expect_registration(visit)
    visit.press(label)
    visit.arrive(OVERVIEW)


def verify(visit: Visit, phone: Authenticator, path: str = OVERVIEW) -> None:
    provider.expect_verification(visit)
    provider.give_code(visit, phone.code())
    visit.arrive(path)


def test_a_user_may_put_registration_off_for_14_days_and_then_verifies_at_a_new_device_or_place(
    chromium: Browser, defended: Running
) -> None:
    with person(chromium, defended) as john:
        sign_in(john, JOHN)
        provider.expect_registration(john)
        due = datetime.now(UTC) + timedelta(days=14)
        told = john.page.get_by_text("This can wait until:").locator("time").get_attribute("datetime") or ""
        assert abs(datetime.fromisoformat(told) - due) < timedelta(minutes=5)
        skip(john, "Skip for now (14 days left)")

        john.let_days_pass(13)
        sign_in(john, JOHN)
        skip(john, "Skip for now (1 day left)")

        john.let_days_pass(2)
        sign_in(john, JOHN)
        provider.expect_registration(john)
        expect(john.page.get_by_text("Skip for now")).to_have_count(0)
        expect(john.page.get_by_text("This can wait until:")).to_have_count(0)
        john.press("Next")
        john.expect_heading("How would you like to verify?")
        assert john.page.locator("main button[name=method]").evaluate_all("all => all.map(one => one.value)") == [
            "authenticatorApp"
        ]
        john.page.go_back()
        provider.register_authenticator_app(john)
        john.arrive(OVERVIEW)
        phone = john.authenticator

        sign_in(john, JOHN)
        john.arrive(OVERVIEW)
        provider.expect_never_asked_to_verify(john)
        sign_in(john, JOHN, **OTHER_DEVICE)
        verify(john, phone)
        sign_in(john, JOHN, **OTHER_PLACE)
        verify(john, phone)
        sign_in(john, JOHN, **OTHER_PLACE)
        john.arrive(OVERVIEW)
        provider.expect_never_asked_to_verify(john)


def test_who_put_registration_off_is_not_asked_again_in_that_browser_but_a_page_that_needs_mfa_does_not_wait(
    chromium: Browser, defended: Running
) -> None:
    with person(chromium, defended) as john:
        sign_in(john, JOHN)
        skip(john, "Skip for now (14 days left)")
        john.page.context.clear_cookies(name="partnercenter_session")
        john.open(OVERVIEW)
        john.arrive(OVERVIEW)
        assert john.was_sent_to(john.site.entra)
        provider.expect_never_asked_to_register(john)
        john.open(CUSTOMERS)
        provider.expect_registration(john)
        expect(john.page.get_by_text("Skip for now")).to_have_count(0)
        provider.register_authenticator_app(john)
        john.arrive(CUSTOMERS)


def test_an_administrator_registers_at_the_first_sign_in_and_verifies_at_every_one(
    chromium: Browser, defended: Running
) -> None:
    with person(chromium, defended) as billing:
        sign_in(billing, BILLING)
        provider.expect_registration(billing)
        expect(billing.page.get_by_text("Skip for now")).to_have_count(0)
        provider.register_authenticator_app(billing)
        billing.arrive(OVERVIEW)
        phone = billing.authenticator
        sign_in(billing, BILLING)  # the same browser and place
        verify(billing, phone)
