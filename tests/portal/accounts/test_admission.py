"""Who gets in, with which roles, and what of the provider's tokens is kept (M15, M21)."""

import pytest

from accounts.models import PartnerTenant, PortalSession, User
from accounts.roles import Role
from secretstore import unseal
from tests.portal.accounts.conftest import Browser
from tests.portal.conftest import make_user


@pytest.mark.requirement("M15")
def test_only_registered_partner_tenants_get_in(browser: Browser, fabrikam: PartnerTenant) -> None:
    fabrikam.delete()
    response = browser.sign_in()
    assert response.status_code == 403
    assert b"not registered as a partner" in response.content
    assert not PortalSession.objects.exists()


def test_a_disabled_user_does_not_get_in(browser: Browser) -> None:
    browser.sign_in()
    User.objects.update(disabled_at="2026-01-01T00:00:00Z")
    assert browser.client.get("/dashboard/overview").status_code == 302
    assert browser.sign_in().status_code == 403


@pytest.mark.requirement("M21")
def test_roles_come_from_the_token_and_change_with_the_next_sign_in(browser: Browser) -> None:
    browser.op.changed["wids"] = ["b0f54661-2d74-4c50-afa3-1ec803f12efe"]
    browser.sign_in()
    assert User.objects.get().roles == {Role.ADMIN_AGENT, Role.BILLING_ADMIN, Role.USER}
    browser.op.changed |= {"wids": [], "groups": ["a0000000-0000-4000-8000-000000000051"]}  # another tenant's group
    browser.client.cookies.clear()
    browser.sign_in()
    assert User.objects.get().roles == {Role.USER}


@pytest.mark.requirement("M21")
def test_a_role_assigned_here_counts_and_outlives_the_next_sign_in(browser: Browser) -> None:
    browser.op.changed["groups"] = []
    browser.sign_in()
    User.objects.update(local_roles=["billing-admin", "a-role-of-a-later-version"])
    browser.client.cookies.clear()
    browser.sign_in()
    assert User.objects.get().roles == {Role.BILLING_ADMIN, Role.USER}


@pytest.mark.requirement("M21", "S9")
def test_a_role_assigned_here_does_not_count_in_a_tenant_of_a_control_panel_vendor(cpv_admin: User) -> None:
    cpv_admin.projected_roles, cpv_admin.local_roles = [], ["admin-agent", "operator", "cpv-admin"]
    assert cpv_admin.roles == frozenset()


@pytest.mark.requirement("M15")
def test_guests_count(browser: Browser) -> None:
    browser.op.changed["acct"] = 1
    browser.sign_in()
    assert User.objects.get().guest


def test_the_same_mail_address_never_makes_two_people_one(browser: Browser, fabrikam: PartnerTenant) -> None:
    make_user(fabrikam, "The real John", "john@fabrikam.example", [Role.GLOBAL_ADMIN])
    browser.op.changed |= {"oid": "00000000-0000-4000-8000-00000000beef", "groups": []}
    browser.sign_in()
    assert User.objects.count() == 2
    assert PortalSession.objects.get().user.roles == {Role.USER}


def test_the_refresh_token_is_kept_sealed_for_this_session(browser: Browser) -> None:
    browser.sign_in()
    session = PortalSession.objects.get()
    assert "a-refresh-token" not in session.tokens.refresh_token
    assert unseal(session.tokens.refresh_token, purpose=f"portal-refresh-token:{session.pk}") == "a-refresh-token"


def test_the_language_of_the_browser_is_kept_for_mails(browser: Browser) -> None:
    browser.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru-RU,en;q=0.5"
    browser.sign_in()
    assert User.objects.get().language == "ru"
