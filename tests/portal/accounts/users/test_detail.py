"""The page of one person (M8)."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from tests.portal.accounts.users.conftest import LIST
from tests.portal.accounts.users.people import HELPDESK_AGENTS, TIER_1, FakeDirectory
from tests.portal.conftest import SignIn

pytestmark = pytest.mark.requirement("M8")


def text_of(client: Client, user: User) -> str:
    return " ".join(client.get(f"{LIST}/{user.oid}").content.decode().split())


def test_roles_say_where_they_come_from(client: Client, people: FakeDirectory, samira: User) -> None:
    people.members[TIER_1].add(samira.oid)
    found = client.get(f"{LIST}/{samira.oid}").context["found"]
    assert [(role, source.name, source.direct) for role, source in found.holding.listed] == [
        (Role.SALES_AGENT, "SalesAgents", True),
        (Role.HELPDESK_AGENT, "Tier 1 support", False),
    ]
    assert "through a nested group: Tier 1 support" in text_of(client, samira)


def test_why_mfa_is_enforced_is_said_with_every_rule_that_was_weighed(
    client: Client, people: FakeDirectory, samira: User
) -> None:
    text = text_of(client, samira)
    assert "MFA is enforced: verification is asked for at sign-in" in text
    assert "MFA for everybody" in text
    assert "switched off" in text
    asked = next(body for body in people.bodies if body and "signInIdentity" in body)
    assert asked["signInIdentity"]["userId"] == samira.oid
    assert asked["signInContext"]["includeApplications"] == ["10000000-0000-4000-8000-000000000001"]


def test_methods_registration_sign_ins_and_sessions_are_shown(
    client: Client, people: FakeDirectory, samira: User, sign_in: SignIn
) -> None:
    key = {"@odata.type": "#microsoft.graph.fido2AuthenticationMethod", "id": "k", "displayName": "Blue key"}
    people.methods[samira.oid] = [key]
    sign_in(Client(HTTP_USER_AGENT="Firefox"), samira)
    text = text_of(client, samira)
    for shown in ("Blue key", "Security key", "Registered", "50126: Wrong password.", "203.0.113.9", "Last active"):
        assert shown in text


def test_the_page_costs_a_fixed_number_of_calls(client: Client, people: FakeDirectory, samira: User) -> None:
    client.get(f"{LIST}/{samira.oid}")
    # The person, what they are in directly and through groups, registration, methods, sign-ins, what-if.
    assert len(people.asked) == 7
    people.asked.clear()
    for number in range(30, 90):
        people.members[HELPDESK_AGENTS].add(people.add(number, f"P {number}", f"p{number}@contoso.example"))
    client.get(f"{LIST}/{samira.oid}")
    assert len(people.asked) == 7


@pytest.mark.parametrize("part", ["userRegistrationDetails", "authentication/methods", "signIns", "evaluate"])
def test_a_part_the_directory_keeps_back_is_left_out(
    client: Client, people: FakeDirectory, samira: User, part: str
) -> None:
    people.refuse += [("GET", part, 403, "Authorization_RequestDenied"), ("POST", part, 403, "x")]
    response = client.get(f"{LIST}/{samira.oid}")
    assert response.status_code == 200
    assert "Samira Haddad" in response.content.decode()


def test_a_directory_that_cannot_count_its_administrators_stops_no_page(
    client: Client, people: FakeDirectory, admin: User
) -> None:
    people.refuse.append(("GET", "directoryRoles.*/members$", 400, "Request_UnsupportedQuery"))
    assert client.get(f"{LIST}/{admin.oid}").status_code == 200


def test_a_directory_without_a_summary_still_names_its_policies(
    client: Client, people: FakeDirectory, samira: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Microsoft's own what-if answers policies only."""
    row = {"displayName": "Require MFA", "policyApplies": True, "analysisReasons": "notSet"}
    answer = FakeDirectory.answer

    def answered(self: FakeDirectory, method: str, target: str, body: object, authorization: str) -> tuple[int, object]:
        return (200, {"value": [row]}) if "evaluate" in target else answer(self, method, target, body)

    monkeypatch.setattr(FakeDirectory, "answer", answered)
    text = text_of(client, samira)
    assert "Require MFA" in text
    assert "The directory does not sum its policies up" in text


def test_an_admin_agent_sees_names_roles_and_sessions_and_asks_for_nothing_more(
    client: Client, people: FakeDirectory, admin: User, samira: User, sign_in: SignIn
) -> None:
    sign_in(client, admin, roles=[Role.ADMIN_AGENT])
    text = text_of(client, samira)
    assert "SalesAgents" in text
    assert len(people.asked) == 3
    assert "Billing admin" not in text  # no choice to tick


def test_what_the_directory_says_is_text_and_no_markup(client: Client, people: FakeDirectory, samira: User) -> None:
    people.users[samira.oid]["displayName"] = "<b>Bold</b>"
    for page in ("", "/disable", "/pass"):
        assert "<b>Bold" not in client.get(f"{LIST}/{samira.oid}{page}").content.decode()
