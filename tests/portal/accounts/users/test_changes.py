"""Changes of one person: made in the directory, obeyed here on the next request, audited and mailed (M8, M22)."""

import pytest
from django.test import Client

from accounts.models import PortalSession, User
from accounts.roles import Role
from activity.models import AuditRecord
from tests.portal.accounts.users.conftest import LIST
from tests.portal.accounts.users.people import (
    BILLING,
    GLOBAL,
    HELPDESK_AGENTS,
    SALES_AGENTS,
    TIER_1,
    FakeDirectory,
)
from tests.portal.conftest import SignIn
from tests.posted import posted

pytestmark = pytest.mark.requirement("M8")
SALES, HELPDESK, BILLING_ADMIN = "sales-agent", "helpdesk-agent", "billing-admin"


def change(client: Client, user: User, shown: list[str], roles: list[str]) -> int:
    response = client.post(f"{LIST}/{user.oid}/roles", {"shown": shown, "roles": roles})
    return response.status_code


def audited() -> list[tuple[str, str, object]]:
    rows = AuditRecord.objects.exclude(action="account.signed-in").order_by("pk")
    return [(row.action, row.subject, row.detail.get("role")) for row in rows]


@pytest.fixture
def other_browser(samira: User, sign_in: SignIn) -> Client:
    browser = Client()
    sign_in(browser, samira)
    return browser


@pytest.mark.requirement("M22")
def test_a_role_taken_in_the_portal_is_obeyed_on_the_next_request(
    client: Client, people: FakeDirectory, samira: User, other_browser: Client
) -> None:
    assert other_browser.get("/commerce/customers").status_code == 200
    assert change(client, samira, [SALES], []) == 302
    assert people.writes() == [f"DELETE /v1.0/groups/{SALES_AGENTS}/members/{samira.oid}/$ref"]
    assert other_browser.get("/commerce/customers").status_code == 403


@pytest.mark.requirement("M22")
def test_a_role_given_in_the_portal_is_obeyed_on_the_next_request(
    client: Client, people: FakeDirectory, samira: User, other_browser: Client
) -> None:
    assert other_browser.get("/dashboard/billing").status_code == 403
    change(client, samira, [SALES], [SALES, BILLING_ADMIN])
    assert samira.oid in people.members[BILLING]
    assert other_browser.get("/dashboard/billing").status_code == 200


def test_each_change_is_audited_and_the_person_gets_one_mail(
    client: Client, people: FakeDirectory, samira: User
) -> None:
    change(client, samira, [SALES], [HELPDESK])
    assert audited() == [
        ("account.role-assigned", "sales@contoso.example", "helpdesk-agent"),
        ("account.role-removed", "sales@contoso.example", "sales-agent"),
    ]
    (sent,) = posted()
    assert sent.to == ["sales@contoso.example"]
    assert "You were given the role Helpdesk agent." in sent.body
    assert "The role Sales agent was taken from you." in sent.body


def test_only_what_was_ticked_or_unticked_is_changed(client: Client, people: FakeDirectory, samira: User) -> None:
    """Somebody else gave a role after the page was made: it stays."""
    people.members[HELPDESK_AGENTS].add(samira.oid)
    change(client, samira, [SALES], [SALES, BILLING_ADMIN])
    assert samira.oid in people.members[HELPDESK_AGENTS]
    assert samira.oid in people.members[SALES_AGENTS]


def test_a_role_that_still_comes_through_a_nested_group_stays(
    client: Client, people: FakeDirectory, samira: User, other_browser: Client
) -> None:
    people.nested[SALES_AGENTS] = {TIER_1}
    people.members[TIER_1].add(samira.oid)
    change(client, samira, [SALES], [])
    assert other_browser.get("/commerce/customers").status_code == 200


def test_making_a_change_that_is_made_already_is_no_error(client: Client, people: FakeDirectory, samira: User) -> None:
    assert change(client, samira, [], [SALES]) == 302
    assert change(client, samira, [HELPDESK], []) == 302


def test_when_the_directory_refuses_one_change_the_others_are_taken_back(
    client: Client, people: FakeDirectory, samira: User
) -> None:
    people.refuse.append(("DELETE", SALES_AGENTS, 403, "Authorization_RequestDenied"))
    response = client.post(f"{LIST}/{samira.oid}/roles", {"shown": [SALES], "roles": [HELPDESK]})
    assert response.status_code == 403
    assert "The directory does not allow this with your roles." in response.content.decode()
    assert samira.oid not in people.members[HELPDESK_AGENTS]
    assert audited() == []
    samira.refresh_from_db()
    assert samira.projected_roles == ["sales-agent"]


def test_the_last_global_admin_is_told_of_before_and_the_refusal_is_shown(
    client: Client, people: FakeDirectory, admin: User
) -> None:
    page = client.get(f"{LIST}/{admin.oid}").content.decode()
    assert "can neither be disabled nor lose the role" in page
    assert f"{LIST}/{admin.oid}/disable" not in page
    response = client.post(f"{LIST}/{admin.oid}/roles", {"shown": ["global-admin"], "roles": []})
    assert response.status_code == 403
    assert "This is the last enabled Global admin of the organization." in response.content.decode()
    admin.refresh_from_db()
    assert Role.GLOBAL_ADMIN in admin.roles


@pytest.mark.parametrize("role", ["billing-admin", "global-admin", "operator"])
def test_an_admin_agent_changes_the_agent_roles_only(
    client: Client, people: FakeDirectory, admin: User, samira: User, sign_in: SignIn, role: str
) -> None:
    sign_in(client, admin, roles=[Role.ADMIN_AGENT])
    assert change(client, samira, [SALES], [SALES, role]) == 302
    assert people.writes() == []
    change(client, samira, [SALES], [SALES, HELPDESK])
    assert people.writes() == [f"POST /v1.0/groups/{HELPDESK_AGENTS}/members/$ref"]


@pytest.mark.parametrize("name", ["disable", "enable", "revoke-sessions", "require-registration", "pass"])
def test_an_admin_agent_is_offered_and_allowed_nothing_else(
    client: Client, people: FakeDirectory, admin: User, samira: User, sign_in: SignIn, name: str
) -> None:
    sign_in(client, admin, roles=[Role.ADMIN_AGENT])
    path = f"{LIST}/{samira.oid}/{name}"
    assert path not in client.get(f"{LIST}/{samira.oid}").content.decode()
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    assert people.writes() == []


@pytest.mark.requirement("M22")
def test_a_disabled_person_is_out_on_the_next_request_and_can_be_let_in_again(
    client: Client, people: FakeDirectory, samira: User, other_browser: Client
) -> None:
    path = f"{LIST}/{samira.oid}"
    assert "Disable Samira Haddad?" in client.get(f"{path}/disable").content.decode()
    assert people.users[samira.oid]["accountEnabled"] is True  # asking changes nothing
    client.post(f"{path}/disable")
    assert people.users[samira.oid]["accountEnabled"] is False
    assert other_browser.get("/dashboard/overview").status_code == 302
    samira.refresh_from_db()
    assert samira.disabled_at is not None
    client.post(f"{path}/enable")
    samira.refresh_from_db()
    assert samira.disabled_at is None
    assert [row[0] for row in audited()] == ["account.user-disabled", "account.user-enabled"]


@pytest.mark.requirement("M22")
def test_revoked_sessions_end_here_at_once(
    client: Client, people: FakeDirectory, samira: User, other_browser: Client
) -> None:
    client.post(f"{LIST}/{samira.oid}/revoke-sessions")
    assert people.writes() == [f"POST /v1.0/users/{samira.oid}/revokeSignInSessions"]
    assert other_browser.get("/dashboard/overview").status_code == 302
    assert PortalSession.objects.get(user=samira).ended_at is not None


def test_requiring_registration_removes_every_method_but_the_password_and_signs_out(
    client: Client, people: FakeDirectory, samira: User, other_browser: Client
) -> None:
    kinds = ("softwareOath", "fido2", "hardwareOath")
    people.methods[samira.oid] = [
        {"@odata.type": f"#microsoft.graph.{kind}AuthenticationMethod", "id": kind} for kind in kinds
    ]
    client.post(f"{LIST}/{samira.oid}/require-registration")
    assert people.methods[samira.oid] == []
    assert people.writes()[-1].endswith("revokeSignInSessions")
    assert other_browser.get("/dashboard/overview").status_code == 302
    assert [row[0] for row in audited()] == ["account.registration-required", "account.sessions-revoked"]


def test_a_temporary_access_pass_is_shown_once_and_kept_nowhere(
    client: Client, people: FakeDirectory, samira: User
) -> None:
    response = client.post(f"{LIST}/{samira.oid}/pass", {"minutes": "240", "once": "on"})
    assert "K7#pq2Vx" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert people.bodies[-1] == {"lifetimeInMinutes": 240, "isUsableOnce": True}
    assert "K7#pq2Vx" not in client.get(f"{LIST}/{samira.oid}/pass").content.decode()
    (sent,) = posted()
    assert "K7" not in sent.body
    assert "240 minutes" in sent.body
    assert all("K7" not in str(row.detail) for row in AuditRecord.objects.all())


def test_a_guest_is_invited_by_the_directory_and_found_at_once(
    client: Client, people: FakeDirectory, admin: User
) -> None:
    response = client.post(f"{LIST}/invite", {"address": "mei@proseware.example", "name": "Mei Chen"})
    assert response.status_code == 302
    assert people.bodies[-1]["invitedUserEmailAddress"] == "mei@proseware.example"
    assert people.bodies[-1]["sendInvitationMessage"] is True
    assert "Mei Chen" in client.get(response["Location"]).content.decode()
    assert audited() == [("account.guest-invited", "mei@proseware.example", None)]


def test_an_address_the_directory_does_not_know_is_said_at_the_field(
    client: Client, people: FakeDirectory, admin: User
) -> None:
    people.refuse.append(("POST", "/invitations$", 400, "InvitedAddressUnknown"))
    response = client.post(f"{LIST}/invite", {"address": "who@nowhere.example"})
    assert response.status_code == 422
    assert "belongs to no account" in response.content.decode()


def test_a_directory_that_does_not_answer_a_change_is_said(client: Client, people: FakeDirectory, samira: User) -> None:
    people.down = True
    response = client.post(f"{LIST}/{samira.oid}/roles", {"shown": [SALES], "roles": []})
    assert response.status_code == 503
    assert "it is not known whether your change was made" in response.content.decode()
    samira.refresh_from_db()
    assert samira.projected_roles == ["sales-agent"]


def test_somebody_the_directory_does_not_know_is_404(client: Client, people: FakeDirectory, admin: User) -> None:
    nobody = "00000000-0000-4000-8000-00000000ffff"
    assert client.get(f"{LIST}/{nobody}").status_code == 404
    assert client.post(f"{LIST}/{nobody}/disable").status_code == 404
    assert people.writes() == []
    assert people.members[GLOBAL] == {admin.oid}


def test_a_person_of_another_tenant_with_the_same_object_id_keeps_what_they_have(
    client: Client, people: FakeDirectory, samira: User, olga: User
) -> None:
    olga.oid = samira.oid
    olga.save()
    change(client, samira, [SALES], [])
    client.post(f"{LIST}/{samira.oid}/disable")
    olga.refresh_from_db()
    assert Role.GLOBAL_ADMIN in olga.roles
    assert olga.disabled_at is None
