"""Another provider by settings alone: no tenants, no groups, `acr` for step-up (Keycloak and the like)."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import PartnerTenant, PortalSession, User
from accounts.roles import Role
from tests.portal.accounts.conftest import Browser, asked
from tests.portal.accounts.op import Provider


@pytest.fixture
def foreign(client: Client, op: Provider, fabrikam: PartnerTenant, settings: Settings) -> Browser:
    settings.OIDC_ISSUER = f"{op.base}/realms/partners"
    settings.OIDC_DISCOVERY_URL = f"{op.base}/realms/partners/.well-known/openid-configuration"
    settings.OIDC_PARTNER_TENANT = str(fabrikam.pk)
    settings.OIDC_STEP_UP_STRATEGY = "acr"
    settings.OIDC_ROLE_CLAIM, settings.OIDC_ROLE_MAP = "roles", {"agents": "admin-agent"}
    op.discovery = {"issuer": settings.OIDC_ISSUER, "authorization_response_iss_parameter_supported": True}
    op.changed = {"iss": settings.OIDC_ISSUER, "acr": "1", "roles": ["agents"]}
    op.dropped = {"tid", "amr", "groups", "sid"}
    return Browser(client, op)


def come_back(browser: Browser, path: str) -> str:
    response = browser.come_back(browser.leave(path), iss=str(browser.op.changed["iss"]))
    assert response.status_code == 302
    return str(response["Location"])


def test_sign_in_and_step_up_complete(foreign: Browser) -> None:
    assert come_back(foreign, "/dashboard/overview") == "/dashboard/overview"
    assert User.objects.get().roles == {Role.ADMIN_AGENT, Role.USER}
    assert asked(foreign.leave("/commerce"))["acr_values"] == "2"
    foreign.op.changed["acr"] = "2"
    assert come_back(foreign, "/commerce/customers") == "/commerce/customers"
    assert foreign.client.get("/commerce/customers").status_code == 200


def test_people_are_keyed_by_issuer_and_subject_whatever_oid_says(foreign: Browser) -> None:
    come_back(foreign, "/dashboard/overview")
    foreign.client.cookies.clear()
    foreign.op.changed |= {"sub": "somebody-else", "oid": User.objects.get().oid or "the-same"}
    come_back(foreign, "/dashboard/overview")
    assert User.objects.count() == 2


def test_another_person_at_step_up_is_refused(foreign: Browser) -> None:
    come_back(foreign, "/dashboard/overview")
    url = foreign.leave("/commerce")
    foreign.op.changed |= {"sub": "somebody-else", "acr": "2"}
    assert foreign.come_back(url, iss=str(foreign.op.changed["iss"])).status_code == 400


def test_a_foreign_token_cannot_choose_its_tenant(foreign: Browser, proseware: PartnerTenant) -> None:
    foreign.op.dropped -= {"tid"}
    foreign.op.changed["tid"] = str(proseware.pk)
    come_back(foreign, "/dashboard/overview")
    assert User.objects.get().tenant.display_name == "Fabrikam"


@pytest.mark.requirement("M23")
@pytest.mark.parametrize("auth_time", [1_790_000_000_000_000, -(10**15), 10**30, 1e308, "yesterday"])
def test_an_auth_time_that_is_no_moment_is_unknown_and_so_never_fresh(foreign: Browser, auth_time: object) -> None:
    foreign.op.changed |= {"auth_time": auth_time, "acr": "2"}
    assert come_back(foreign, "/commerce/customers") == "/commerce/customers"
    (session,) = PortalSession.objects.all()
    assert session.evidence[0].auth_time is None
    assert foreign.client.get("/dashboard/me/profile").status_code == 200
