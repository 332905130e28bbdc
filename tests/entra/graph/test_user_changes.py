"""Changing users: profile, sign-in on and off, revoked sessions."""

from collections.abc import Callable

import pytest
from django.test import Client

from activity.models import AuditRecord
from entra.directory.models import DirectoryRole, User
from entra.oauth.models import Grant
from entra.signin.method import Method
from entra.signin.models import ProviderSession
from tests.entra.conftest import RelyingParty, make_user
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import audited, code
from tests.posted import posted


def test_names_and_mail_are_changed_and_audited(graph: Graph, grace: User, john: User) -> None:
    answer = graph("PATCH", f"users/{john.pk}", {"displayName": "John Keller", "surname": "Keller", "mail": None})
    assert (answer.status_code, answer.content) == (204, b"")
    shown = graph.get(f"users/{john.pk}").json()
    assert (shown["displayName"], shown["givenName"], shown["surname"], shown["mail"]) == (
        "John Keller",
        "John",
        "Keller",
        None,
    )
    detail = {
        "user": "john@fabrikam.example",
        "changed": {"display_name": "John Keller", "surname": "Keller", "mail": ""},
    }
    assert audited("user.changed") == [(str(grace.pk), str(john.pk), detail)]


def test_what_changes_nothing_is_not_audited(graph: Graph, john: User) -> None:
    assert (
        graph("PATCH", f"users/{john.pk}", {"displayName": "John Example", "accountEnabled": True}).status_code == 204
    )
    assert not AuditRecord.objects.filter(action__startswith="user.").exists()


@pytest.mark.parametrize(
    "body",
    [
        {"userPrincipalName": "other@fabrikam.example"},
        {"userType": "Member"},
        {"accountEnabled": "false"},
        {"accountEnabled": None},
        {"displayName": ""},
        {"displayName": None},
        {"displayName": "x" * 201},
        {"mail": "not an address"},
        ["displayName"],
    ],
)
def test_nothing_else_can_be_changed(graph: Graph, john: User, body: object) -> None:
    before = User.objects.filter(pk=john.pk).values().get()
    assert code(graph("PATCH", f"users/{john.pk}", body)) == (400, "Request_BadRequest")
    assert User.objects.filter(pk=john.pk).values().get() == before


@pytest.mark.requirement("M22")
def test_a_disabled_user_is_out_at_once_and_signs_in_anew_when_enabled(
    graph: Graph, graph_as: Callable[..., Graph], grace: User, john: User
) -> None:
    johns = graph_as(john)
    assert graph("PATCH", f"users/{john.pk}", {"accountEnabled": False}).status_code == 204
    assert johns.get("me").status_code == 401
    assert ProviderSession.objects.get(account=john).ended_at is not None
    assert audited("user.disabled") == [(str(grace.pk), str(john.pk), {"user": "john@fabrikam.example"})]
    graph("PATCH", f"users/{john.pk}", {"accountEnabled": True})
    assert johns.get("me").status_code == 401
    assert graph_as(john).get("me").status_code == 200
    assert len(audited("user.enabled")) == 1


def test_the_last_global_administrator_cannot_be_disabled(
    graph: Graph, grace: User, john: User, alejandra: User
) -> None:
    guest = make_user(john.tenant, "visitor", user_type="Guest", home_account=alejandra)
    retired = make_user(john.tenant, "retired", account_enabled=False)
    for other in (guest, retired, alejandra):
        other.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    refused = graph("PATCH", f"users/{grace.pk}", {"accountEnabled": False, "displayName": "Gone"})
    assert code(refused) == (400, "LastGlobalAdministrator")
    assert "last enabled Global Administrator" in refused.json()["error"]["message"]
    grace.refresh_from_db()
    assert (grace.account_enabled, grace.display_name) == (True, "Grace Example")
    john.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    assert graph("PATCH", f"users/{grace.pk}", {"accountEnabled": False}).status_code == 204


def test_an_emergency_account_can_let_the_tenant_in_again(graph: Graph, grace: User) -> None:
    emergency = make_user(grace.tenant, "breakglass", account_class="breakGlass")
    emergency.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    assert graph("PATCH", f"users/{grace.pk}", {"accountEnabled": False}).status_code == 204


@pytest.mark.requirement("M22")
def test_revoked_sessions_end_here_and_at_the_applications(
    graph: Graph,
    graph_as: Callable[..., Graph],
    grace: User,
    john: User,
    rp: RelyingParty,
    sign_in: Callable[..., None],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    application = rp.application
    application.backchannel_logout_uri = "https://app.example/backchannel"
    application.save()
    browser = Client()
    sign_in(browser, john, Method.PASSWORD)
    party = RelyingParty(browser, application, str(john.tenant_id))
    refresh = party.tokens()["refresh_token"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = graph("POST", f"users/{john.pk}/revokeSignInSessions")
    assert (answer.status_code, answer.json()) == (200, {"value": True})
    assert party.refresh(refresh).json()["error_codes"] == [50173]
    assert ProviderSession.objects.get(account=john).ended_at is not None
    assert Grant.objects.get(account=john).signed_out_at is not None
    assert "sign" in party.authorize()["Location"]
    assert audited("user.sessionsRevoked") == [(str(grace.pk), str(john.pk), {"user": "john@fabrikam.example"})]


def test_a_guests_home_session_is_not_ended_by_the_resource_tenant(
    graph: Graph, john: User, alejandra: User, sign_in: Callable[..., None]
) -> None:
    guest = make_user(john.tenant, "visitor", user_type="Guest", home_account=alejandra)
    sign_in(Client(), alejandra)
    assert graph("POST", f"users/{guest.pk}/revokeSignInSessions").status_code == 200
    assert ProviderSession.objects.get(account=alejandra).ended_at is None
    guest.refresh_from_db()
    assert guest.sessions_valid_from is not None


def test_a_changed_mail_address_is_told_at_the_address_of_before(graph: Graph, john: User) -> None:
    User.objects.filter(pk=john.pk).update(mail="john@before.example")
    assert graph("PATCH", f"users/{john.pk}", {"mail": "stranger@elsewhere.example"}).status_code == 204
    (told,) = posted()
    assert told.to == ["john@before.example"]
    assert "Your mail address was changed." in told.body


def test_a_guest_without_a_mail_address_is_told_at_home(graph: Graph, alejandra: User) -> None:
    User.objects.filter(pk=alejandra.pk).update(mail="")
    invitation = {
        "invitedUserEmailAddress": alejandra.user_principal_name,
        "inviteRedirectUrl": "https://portal.example/",
    }
    guest = graph("POST", "invitations", invitation).json()["invitedUser"]["id"]
    graph("PATCH", f"users/{guest}", {"mail": None})
    assert graph("POST", f"users/{guest}/revokeSignInSessions").status_code == 200
    assert {mail.to[0] for mail in posted()} == {alejandra.user_principal_name}
