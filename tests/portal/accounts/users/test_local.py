"""Providers that keep no roles: people known to the portal, roles assigned here, the first by a command (M21)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from accounts.users.local import NotYours, assign_local_roles
from activity.models import AuditRecord
from tests.portal.accounts.users.conftest import LIST
from tests.portal.conftest import SignIn, make_user

pytestmark = pytest.mark.requirement("M21")


@pytest.fixture
def john_admin(john: User, settings: Settings, client: Client, sign_in: SignIn) -> User:
    settings.GRAPH_URL = ""
    john.projected_roles, john.local_roles = [], ["global-admin"]
    john.save()
    sign_in(client, john)
    return john


@pytest.fixture
def pat(john: User) -> User:
    return make_user(john.tenant, "Pat Ito", "pat@fabrikam.example")


def save(client: Client, user: User, *roles: str) -> int:
    return client.post(f"{LIST}/local/{user.pk}", {"roles": roles}).status_code


def test_the_people_who_signed_in_are_listed_and_nobody_of_another_tenant(
    client: Client, john_admin: User, pat: User, olga: User
) -> None:
    text = client.get(LIST).content.decode()
    assert "Pat Ito" in text
    assert "Olga" not in text
    assert client.get(f"{LIST}/local/{olga.pk}").status_code == 404
    assert save(client, olga, "admin-agent") == 404
    assert b"Pat Ito" in client.get(f"{LIST}?format=csv").getvalue()


@pytest.mark.requirement("M22")
def test_a_role_assigned_here_is_obeyed_on_the_next_request_and_audited(
    client: Client, john_admin: User, pat: User, sign_in: SignIn
) -> None:
    other = Client()
    sign_in(other, pat)
    assert other.get("/commerce/customers").status_code == 403
    assert save(client, pat, "sales-agent") == 302
    assert other.get("/commerce/customers").status_code == 200
    assert save(client, pat) == 302
    assert other.get("/commerce/customers").status_code == 403
    rows = AuditRecord.objects.filter(subject="pat@fabrikam.example").order_by("pk")
    assert [row.action for row in rows] == ["account.role-assigned", "account.role-removed"]


def test_the_last_global_admin_cannot_be_removed(client: Client, john_admin: User, pat: User) -> None:
    assert save(client, john_admin) == 422
    john_admin.refresh_from_db()
    assert john_admin.local_roles == ["global-admin"]
    save(client, pat, "global-admin")
    assert save(client, john_admin, "admin-agent") == 302


def test_a_disabled_global_admin_does_not_count_as_another(
    client: Client, john_admin: User, pat: User, settings: Settings
) -> None:
    pat.local_roles, pat.disabled_at = ["global-admin"], john_admin.created_at
    pat.save()
    assert save(client, john_admin) == 422


@pytest.mark.requirement("M8")
def test_an_admin_agent_assigns_agent_roles_only_and_leaves_the_others(
    client: Client, john_admin: User, pat: User, sign_in: SignIn
) -> None:
    pat.local_roles = ["billing-admin"]
    pat.save()
    john_admin.local_roles = ["admin-agent"]
    john_admin.save()
    assert save(client, pat, "sales-agent") == 302
    pat.refresh_from_db()
    assert pat.local_roles == ["billing-admin", "sales-agent"]
    assert save(client, pat, "sales-agent", "global-admin") == 422


@pytest.mark.requirement("M8")
def test_the_verb_itself_refuses_what_no_page_offers(pat: User) -> None:
    with pytest.raises(NotYours):
        assign_local_roles(user=pat, roles=[Role.GLOBAL_ADMIN], by=frozenset({Role.ADMIN_AGENT}), actor="somebody")
    pat.refresh_from_db()
    assert pat.local_roles == []


def test_where_there_is_a_directory_nothing_is_assigned_here(
    client: Client, john_admin: User, pat: User, settings: Settings
) -> None:
    settings.GRAPH_URL = "http://127.0.0.1:1"
    assert client.get(f"{LIST}/local/{pat.pk}").status_code == 404


def test_pages_of_the_directory_are_404_without_one(client: Client, john_admin: User) -> None:
    assert client.get(f"{LIST}/00000000-0000-4000-8000-000000000001").status_code == 404
    assert client.get(f"{LIST}/invite").status_code == 404


def test_the_command_makes_the_first_administrator(john: User, fabrikam: PartnerTenant) -> None:
    out = StringIO()
    call_command("assign_role", str(fabrikam.pk), "john@fabrikam.example", "global-admin", stdout=out)
    john.refresh_from_db()
    assert Role.GLOBAL_ADMIN in john.roles
    assert "global-admin" in out.getvalue()
    with pytest.raises(CommandError, match="last Global admin"):
        call_command("assign_role", str(fabrikam.pk), "john@fabrikam.example", "global-admin", "--remove")


def test_the_command_refuses_a_name_that_two_people_bear(john: User, fabrikam: PartnerTenant) -> None:
    make_user(fabrikam, "John Evans", "john@fabrikam.example")
    with pytest.raises(CommandError, match="Several people"):
        call_command("assign_role", str(fabrikam.pk), "john@fabrikam.example", "global-admin")
    call_command("assign_role", str(fabrikam.pk), john.subject, "global-admin", stdout=StringIO())
    with pytest.raises(CommandError, match="signed in"):
        call_command("assign_role", str(fabrikam.pk), "nobody@fabrikam.example", "global-admin")
