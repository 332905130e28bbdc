"""A guest signs in at the organization visited: its address, its issuer, its tokens, until signing out (M15)."""

from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import PartnerTenant, PortalSession, User
from accounts.oidc.graph import graph_for
from tests.portal.accounts.conftest import Browser, asked, is_in
from tests.portal.accounts.op import TENANT
from tests.portal.accounts.test_graph_token import request_of
from tests.portal.directory import Directory

pytestmark = pytest.mark.requirement("M15")
VISIT = f"/oidc/authenticate?tenant={TENANT}&next=%2Fcommerce%2Fcustomers"


def visit(browser: Browser, *amr: str) -> HttpResponse:
    browser.op.changed |= {"acct": 1, "amr": list(amr or ["pwd"])}
    return browser.come_back(browser.leave(VISIT))


def path_of(url: str) -> str:
    return urlsplit(url).path


def test_a_guest_is_sent_to_the_organization_visited_and_comes_back_to_the_page(browser: Browser) -> None:
    url = browser.leave(VISIT)
    assert path_of(url) == f"/{TENANT}/authorize"
    response = visit(browser)
    assert response["Location"] == "/commerce/customers"
    assert (User.objects.get().guest, str(User.objects.get().tenant_id)) == (True, TENANT)
    assert browser.op.token_requests[-1]["address"] == f"/{TENANT}/token"


def test_everybody_else_is_sent_to_their_own_organization(browser: Browser) -> None:
    assert path_of(browser.leave()) == "/authorize"
    browser.sign_in()
    assert path_of(browser.leave("/commerce/customers")) == "/authorize"
    assert browser.op.token_requests[-1]["address"] == "/token"


def test_a_guest_verifies_at_the_organization_visited(browser: Browser) -> None:
    visit(browser)
    url = browser.leave("/commerce/customers")
    assert path_of(url) == f"/{TENANT}/authorize"
    assert asked(url)["login_hint"] == "john@fabrikam.example"


def test_a_guest_asks_the_directory_of_the_organization_visited(browser: Browser, directory: Directory) -> None:
    directory.answers[("GET", "/v1.0/me")] = (200, {"id": "1"})
    visit(browser, "pwd", "mfa")
    graph_for(request_of(PortalSession.objects.get())).get("me")
    refreshed = browser.op.token_requests[-1]
    assert (refreshed["grant_type"], refreshed["address"]) == ("refresh_token", f"/{TENANT}/token")


def test_the_answer_of_another_organization_than_the_one_asked_opens_nothing(browser: Browser) -> None:
    PartnerTenant.objects.create(id="c0000000-0000-4000-8000-000000000001", display_name="Contoso")
    url = browser.leave("/oidc/authenticate?tenant=c0000000-0000-4000-8000-000000000001")
    assert browser.come_back(url).status_code == 400  # the token is Fabrikam's
    assert browser.come_back(browser.leave(VISIT), iss=f"{browser.op.base}/{TENANT}/v2.0").status_code == 302
    assert PortalSession.objects.count() == 1


def test_a_session_that_is_over_is_opened_again_in_the_same_organization_until_signing_out(browser: Browser) -> None:
    visit(browser)
    del browser.client.cookies["partnercenter_session"]
    assert path_of(browser.leave("/dashboard/overview")) == f"/{TENANT}/authorize"
    visit(browser)
    browser.client.post("/oidc/sign-out")
    assert path_of(browser.leave("/dashboard/overview")) == "/authorize"


@pytest.mark.parametrize("query", ["prompt=select_account", "login_hint=olga%40proseware.example"])
def test_another_account_signs_in_at_its_own_organization(browser: Browser, query: str) -> None:
    visit(browser)
    assert path_of(browser.leave(f"/oidc/authenticate?{query}")) == "/authorize"


def test_a_sign_in_at_home_ends_the_visit(browser: Browser) -> None:
    visit(browser)
    browser.come_back(browser.leave("/oidc/authenticate?prompt=select_account"))
    del browser.client.cookies["partnercenter_session"]
    assert path_of(browser.leave("/dashboard/overview")) == "/authorize"


def test_a_guest_who_is_refused_may_try_again_there_and_is_not_kept_from_home(browser: Browser) -> None:
    visit(browser)
    response = browser.bring_error(browser.leave(VISIT), "access_denied", "AADSTS53003: blocked")
    assert response.status_code == 403
    assert f"tenant={TENANT}" in response.content.decode()
    del browser.client.cookies["partnercenter_session"]
    assert path_of(browser.leave("/dashboard/overview")) == "/authorize"


def test_a_guest_who_was_disabled_here_is_not_kept_from_home(browser: Browser) -> None:
    visit(browser)
    User.objects.update(disabled_at=timezone.now())
    assert browser.come_back(browser.leave(VISIT)).status_code == 403
    assert path_of(browser.leave("/dashboard/overview")) == "/authorize"


@pytest.mark.parametrize("named", ["", "contoso.example", "../organizations", "%00"])
def test_what_names_no_organization_is_not_found(browser: Browser, named: str) -> None:
    assert browser.client.get(f"/oidc/authenticate?tenant={named}").status_code == 404


def test_a_description_that_names_another_issuer_is_not_followed(browser: Browser) -> None:
    browser.op.discovery["issuer"] = f"{browser.op.base}/{{tenantid}}/v2.0"
    assert browser.client.get(VISIT).status_code == 503
    cache.clear()


def test_a_provider_without_tenants_is_asked_as_ever(browser: Browser, settings: Settings) -> None:
    settings.OIDC_DISCOVERY_URL = f"{browser.op.base}/realms/partners/.well-known/openid-configuration"
    browser.op.discovery["issuer"] = settings.OIDC_ISSUER
    browser.op.discovery["authorization_endpoint"] = f"{browser.op.base}/authorize"
    assert path_of(browser.leave(VISIT)) == "/authorize"
    assert not is_in(browser.client)
