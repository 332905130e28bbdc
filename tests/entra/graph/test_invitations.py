"""Inviting guests from the other organizations that sign in here (M15)."""

from collections.abc import Callable

import pytest

from entra.directory.models import User
from entra.directory.services import account_in
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import VERIFIED, Graph
from tests.entra.graph.directory import audited, code
from tests.posted import posted

LINK = "https://partner.example/dashboard/overview"


def invitation(address: str, **more: object) -> dict[str, object]:
    return {"invitedUserEmailAddress": address, "inviteRedirectUrl": LINK, **more}


def test_an_account_of_another_organization_becomes_a_guest_who_can_sign_in(
    graph: Graph, graph_as: Callable[..., Graph], grace: User, alejandra: User
) -> None:
    answer = graph("POST", "invitations", invitation("Alejandra@contoso.example"))
    assert answer.status_code == 201
    made = answer.json()
    assert (made["status"], made["invitedUserType"], made["inviteRedeemUrl"]) == ("Completed", "Guest", LINK)
    guest = account_in(alejandra, grace.tenant)
    assert guest is not None
    assert made["invitedUser"] == {"id": str(guest.pk)}
    shown = graph.get(f"users/{guest.pk}").json()
    assert (shown["userType"], shown["userPrincipalName"], shown["mail"], shown["displayName"]) == (
        "Guest",
        "alejandra_contoso.example#ext#@fabrikam.example",
        "alejandra@contoso.example",
        "Alejandra Example",
    )
    detail = {"user": "alejandra_contoso.example#ext#@fabrikam.example", "home": "alejandra@contoso.example"}
    assert audited("user.invited") == [(str(grace.pk), str(guest.pk), detail)]
    assert graph_as(alejandra, tenant=grace.tenant).get("me").json()["id"] == str(guest.pk)
    assert not guest.has_usable_password()


def test_an_emergency_account_of_another_organization_is_none_here(graph: Graph, alejandra: User) -> None:
    make_user(alejandra.tenant, "breakglass", account_class="breakGlass")
    made = graph("POST", "invitations", invitation("breakglass@contoso.example")).json()
    assert User.objects.get(pk=made["invitedUser"]["id"]).account_class == "person"


def test_inviting_twice_answers_the_same_guest(graph: Graph, alejandra: User) -> None:
    first, second = (graph("POST", "invitations", invitation(alejandra.mail)).json() for _ in range(2))
    assert first["invitedUser"] == second["invitedUser"]
    assert len(audited("user.invited")) == 1


@pytest.mark.parametrize(("send", "mails"), [(True, 1), (False, 0)])
def test_the_person_is_told_when_asked_for(
    graph: Graph,
    alejandra: User,
    send: bool,
    mails: int,
) -> None:
    graph("POST", "invitations", invitation(alejandra.mail, sendInvitationMessage=send))
    assert [message.to for message in posted()] == [["alejandra@contoso.example"]] * mails
    if mails:
        assert "Grace Example invited you to work with Fabrikam" in posted()[0].body
        assert LINK in posted()[0].body


def test_an_address_of_nobody_here_is_named(graph: Graph, alejandra: User) -> None:
    for address in ("somebody@elsewhere.example", "nobody@contoso.example"):
        refused = graph("POST", "invitations", invitation(address))
        assert code(refused) == (400, "InvitedAddressUnknown")
        assert refused.json()["error"]["message"] == "The address belongs to no account of an organization here."
    assert User.objects.filter(user_type="Guest").count() == 0


def test_a_mail_address_outside_its_organizations_domains_names_nobody(graph: Graph, alejandra: User) -> None:
    """Otherwise any directory could answer for anybody's address."""
    make_user(alejandra.tenant, "mallory", mail="olga@proseware.example")
    assert code(graph("POST", "invitations", invitation("olga@proseware.example")))[0] == 400
    make_user(alejandra.tenant, "mary", mail="mary.b@contoso.example")
    assert graph("POST", "invitations", invitation("Mary.B@contoso.example")).status_code == 201


def test_an_address_of_the_own_organization_is_refused(graph: Graph, john: User) -> None:
    assert code(graph("POST", "invitations", invitation("john@fabrikam.example"))) == (400, "InvitedAddressIsOwn")


@pytest.mark.parametrize(
    "changes",
    [
        {"inviteRedirectUrl": "javascript:alert(1)"},
        {"inviteRedirectUrl": "//partner.example"},
        {"inviteRedirectUrl": "https://a.example/\nBcc: x"},
        {"inviteRedirectUrl": "https://[x"},
        {"invitedUserEmailAddress": 7},
        {"invitedUserType": "Member"},
        {"resetRedemption": True},
    ],
)
def test_a_bad_invitation_is_refused(graph: Graph, alejandra: User, changes: dict[str, object]) -> None:
    body = invitation(alejandra.mail) | changes
    assert code(graph("POST", "invitations", body)) == (400, "Request_BadRequest")


def test_an_invitation_needs_its_permission_and_an_administrator(
    graph: Graph, graph_as: Callable[..., Graph], grace: User, john: User, alejandra: User
) -> None:
    body = invitation(alejandra.mail)
    assert code(Graph(graph.client, "")("POST", "invitations", body))[0] == 401
    assert code(graph_as(grace, *VERIFIED, scope="User.Read.All")("POST", "invitations", body))[0] == 403
    assert code(graph_as(grace)("POST", "invitations", body)) == (403, "Unauthorized_MissingMFA")
    assert code(graph_as(john, *VERIFIED)("POST", "invitations", body))[0] == 403
    assert graph_as(grace, *VERIFIED, scope="User.Invite.All")("POST", "invitations", body).status_code == 201
