"""The token forge: who may have which token made (the demo alone)."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from entra.apps.administration import grant_app_roles
from entra.apps.models import Application
from entra.apps.resources import partner_center
from entra.directory.models import DirectoryRole, Tenant, User
from entra.signin.method import Method
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import VERIFIED, Graph
from tests.entra.graph.directory import code, make_group
from tests.entra.graph.forging import ADMINISTRATORS_ONLY, PATH, Act, global_admin, order, said, token_of

pytestmark = pytest.mark.usefixtures("forge")


def admin_agent(tenant: Tenant) -> User:
    ada = make_user(tenant, "ada")
    inner = make_group(tenant, "Partners of the house", ada)
    make_group(tenant, "AdminAgents").nested.add(inner)
    return ada


def security_admin(tenant: Tenant) -> User:
    sue = make_user(tenant, "sue")
    sue.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)
    return sue


def sales_agent(tenant: Tenant) -> User:
    sam = make_user(tenant, "sam")
    make_group(tenant, "SalesAgents", sam)
    return sam


def nobody(tenant: Tenant) -> User:
    return make_user(tenant, "noa")


@pytest.mark.parametrize("flaw", ["", "expired", "unsigned"])
@pytest.mark.parametrize(
    ("who", "themselves", "another", "the_application"),
    [
        (global_admin, True, True, True),
        (admin_agent, True, True, True),
        (security_admin, True, False, False),
        (sales_agent, True, False, False),
        (nobody, True, False, False),
    ],
)
def test_only_administrators_have_tokens_made_for_others(
    graph_as: Act,
    sync: Application,
    john: User,
    who: Any,
    themselves: bool,
    another: bool,
    the_application: bool,
    flaw: str,
) -> None:
    grant_app_roles(
        application=sync,
        tenant=john.tenant,
        permissions=["PartnerCenter.Access.All"],
        actor="x",
        resource=partner_center(),
    )
    forger = who(john.tenant)
    graph = graph_as(forger, *VERIFIED)
    wanted = {"": themselves, forger.user_principal_name: themselves, john.user_principal_name: another}
    for person, allowed in {**wanted, None: the_application}.items():
        response = graph("POST", PATH, order(sync, person=person, flaw=flaw))
        assert (response.status_code == 200) is allowed, response.content
        assert allowed or code(response) == ADMINISTRATORS_ONLY


def test_nobody_of_another_tenant_is_forged(graph_as: Act, sync: Application, john: User, alejandra: User) -> None:
    graph = graph_as(global_admin(john.tenant), *VERIFIED)
    for name in (alejandra.user_principal_name, "nobody@fabrikam.example"):
        assert code(graph("POST", PATH, order(sync, person=name))) == (403, "Forge_Person")
    john.account_enabled = False
    john.save()
    assert code(graph("POST", PATH, order(sync, person=john.user_principal_name))) == (403, "Forge_Person")


def test_a_guest_administrator_forges_in_the_tenant_visited_only(
    graph_as: Act, sync: Application, john: User, alejandra: User
) -> None:
    john.tenant.trusts_home_mfa = True
    john.tenant.save()
    guest = make_user(john.tenant, "visitor", home_account=alejandra, user_type="Guest")
    graph = graph_as(alejandra, *VERIFIED, tenant=john.tenant)
    claims = said(token_of(graph, sync))
    assert (claims["tid"], claims["oid"]) == (str(john.tenant_id), str(guest.pk))
    assert code(graph("POST", PATH, order(sync, person=john.user_principal_name))) == ADMINISTRATORS_ONLY


def test_who_has_not_verified_forges_nothing(graph_as: Act, sync: Application, john: User) -> None:
    response = graph_as(john, Method.PASSWORD)("POST", PATH, order(sync, amr=["pwd"]))
    assert code(response) == (403, "Unauthorized_MissingMFA")


def test_no_other_application_than_the_portal_asks(
    graph_as: Act, sync: Application, john: User, settings: Settings
) -> None:
    graph = graph_as(john, *VERIFIED)
    settings.PARTNER_CENTER_SERVER = str(sync.pk)
    assert code(graph("POST", PATH, order(sync))) == (403, "Authorization_RequestDenied")


def test_outside_the_demo_there_is_no_forge(graph_as: Act, sync: Application, john: User, settings: Settings) -> None:
    graph = graph_as(john, *VERIFIED)
    settings.DEMO = False
    assert graph("POST", PATH, order(sync)).status_code == 404
    assert Graph(Client(), "")("POST", PATH, order(sync)).status_code == 404


def test_another_machine_reaches_no_forge(graph_as: Act, sync: Application, john: User) -> None:
    graph = graph_as(john, *VERIFIED)
    graph.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert graph("POST", PATH, order(sync)).status_code == 404
