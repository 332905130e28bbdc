"""What if a person signed in so, and went to that page: the directory's rules, then the access matrix (M8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Exemption, User
from accounts.roles import Role
from tests.portal.accounts.users.conftest import LIST
from tests.portal.accounts.users.people import HELPDESK_AGENTS, FakeDirectory
from tests.portal.conftest import SignIn

pytestmark = pytest.mark.requirement("M8")
PORTAL = "10000000-0000-4000-8000-000000000001"
BLOCKED = {"outcome": "block", "step": None, "errorCode": 53003}
NOT_ASKED = {"outcome": "allow", "step": None}
CUSTOM = {"outcome": "prompt", "step": "custom_control"}


def text_of(client: Client, user: User, query: str, status: int = 200) -> str:
    response = client.get(f"{LIST}/{user.oid}/what-if{query}")
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def question(people: FakeDirectory) -> dict[str, Any]:
    asked: dict[str, Any] = next(body for body in people.bodies if body and "signInIdentity" in body)
    return asked


def entrances(client: Client, user: User, page: str) -> list[tuple[bool, str, bool]]:
    """With MFA or without, what the matrix says, and whether the forecast leads there."""
    prospect = client.get(f"{LIST}/{user.oid}/what-if?page={page}&client=browser").context["prospect"]
    return [(one.mfa, one.decision.outcome.value, one.expected) for one in prospect.entrances]


@pytest.fixture
def weighed(people: FakeDirectory, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the directory's what-if comes to; verification, unless the test says else."""
    summary: dict[str, Any] = {"outcome": "prompt", "step": "verify", "weighedRules": []}
    answer = FakeDirectory.act

    def act(self: FakeDirectory, method: str, target: str, body: Any) -> tuple[int, Any]:
        return (
            (200, {"value": [], "@ours.summary": summary})
            if "evaluate" in target
            else answer(self, method, target, body)
        )

    monkeypatch.setattr(FakeDirectory, "act", act)
    return summary


def test_the_page_of_a_person_leads_here_and_asks_nothing_of_the_directory_before_somebody_asks(
    client: Client, people: FakeDirectory, samira: User
) -> None:
    assert f'href="{LIST}/{samira.oid}/what-if"' in client.get(f"{LIST}/{samira.oid}").content.decode()
    people.asked.clear()
    assert "Weigh it" in text_of(client, samira, "")
    assert len(people.asked) == 1  # who it is


def test_the_circumstances_are_the_question_and_stay_in_the_form(
    client: Client, people: FakeDirectory, samira: User
) -> None:
    query = "?page=billing&ip=203.0.113.9&known_place=on&client=other"
    text = text_of(client, samira, query)
    assert question(people)["signInIdentity"]["userId"] == samira.oid
    assert question(people)["signInContext"]["includeApplications"] == [PORTAL]
    assert question(people)["signInConditions"] == {
        "clientAppType": "other",
        "ipAddress": "203.0.113.9",
        "signInRiskLevel": "none",
    }
    assert 'value="203.0.113.9"' in text
    assert '<option value="billing" selected>' in text


def test_left_empty_the_network_and_the_place_are_unknown(client: Client, people: FakeDirectory, samira: User) -> None:
    text_of(client, samira, "?page=billing&client=browser")
    assert question(people)["signInConditions"] == {"clientAppType": "browser"}


def test_every_rule_that_was_weighed_is_shown(client: Client, people: FakeDirectory, samira: User) -> None:
    text = text_of(client, samira, "?page=customers&client=browser")
    assert "MFA is enforced: verification is asked for at sign-in" in text
    assert "MFA for everybody" in text
    assert "Per-user MFA" in text


def test_a_block_says_its_code(client: Client, samira: User, weighed: dict[str, Any]) -> None:
    weighed |= BLOCKED
    text = text_of(client, samira, "?page=customers&client=browser")
    assert "The sign-in is blocked" in text
    assert "AADSTS53003" in text


@pytest.mark.parametrize(
    ("page", "summary", "expected"),
    [
        ("overview", {}, [(False, "allow", False), (True, "allow", True)]),
        ("customers", {}, [(False, "verify-mfa", False), (True, "allow", True)]),
        ("customers", NOT_ASKED, [(False, "verify-mfa", True), (True, "allow", False)]),
        ("customers", CUSTOM, [(False, "verify-mfa", True), (True, "allow", False)]),
        ("customers", BLOCKED, [(False, "verify-mfa", False), (True, "allow", False)]),
        ("billing", {}, [(False, "forbid", False), (True, "forbid", True)]),
    ],
)
def test_the_matrix_answers_for_the_persons_roles_with_and_without_mfa(
    client: Client,
    samira: User,
    weighed: dict[str, Any],
    page: str,
    summary: dict[str, Any],
    expected: list[tuple[bool, str, bool]],
) -> None:
    weighed |= summary
    assert entrances(client, samira, page) == expected


def test_what_is_forbidden_names_the_roles_held_and_needed(client: Client, people: FakeDirectory, samira: User) -> None:
    people.members[HELPDESK_AGENTS].add(samira.oid)
    text = text_of(client, samira, "?page=billing&client=browser")
    assert "Forbidden: none of the roles is held" in text
    assert "Sales agent, Helpdesk agent" in text
    assert "Admin agent, Billing admin, Global admin" in text


def test_a_role_assigned_here_and_a_technical_exception_count(
    client: Client, samira: User, weighed: dict[str, Any]
) -> None:
    weighed |= NOT_ASKED
    User.objects.filter(pk=samira.pk).update(local_roles=["billing-admin"])
    assert entrances(client, samira, "billing")[0] == (False, "verify-mfa", True)
    until = timezone.now() + timedelta(days=1)
    Exemption.objects.create(tenant=samira.tenant, whole_tenant=True, areas=["billing"], until=until, reason="X4")
    assert entrances(client, samira, "billing")[0] == (False, "allow", True)


def test_another_application_is_asked_about_by_its_id(client: Client, people: FakeDirectory, samira: User) -> None:
    application = "10000000-0000-4000-8000-0000000000aa"
    text = text_of(client, samira, f"?page=application&application={application}&client=browser")
    assert question(people)["signInContext"]["includeApplications"] == [application]
    assert "Roles that can open it" not in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?page=nowhere&client=browser", "Select a valid choice."),
        ("?page=public&client=browser", "Select a valid choice."),
        ("?page=billing&client=telnet", "Select a valid choice."),
        ("?page=billing&client=browser&ip=300.1.1.1", "Enter an IP address, such as 203.0.113.9 or 2001:db8::1."),
        ("?page=application&client=browser", "Enter the ID of the application."),
        ("?page=application&client=browser&application=abc", "such as 10000000-0000-4000-8000-000000000001."),
    ],
)
def test_a_question_that_makes_no_sense_is_said_at_its_field(
    client: Client, people: FakeDirectory, samira: User, query: str, said: str
) -> None:
    assert said in text_of(client, samira, query, 400)
    assert not any("evaluate" in path for _method, path in people.asked)


def test_an_application_the_directory_does_not_know_is_said_at_the_field(
    client: Client, people: FakeDirectory, samira: User
) -> None:
    people.refuse.append(("POST", "evaluate", 400, "Request_BadRequest"))
    query = "?page=application&client=browser&application=10000000-0000-4000-8000-0000000000aa"
    assert "The directory knows no application of this ID." in text_of(client, samira, query, 400)


def test_somebody_the_directory_does_not_know_is_not_found(client: Client, people: FakeDirectory, admin: User) -> None:
    """People of other tenants too: the directory answers 404 for them."""
    assert client.get(f"{LIST}/00000000-0000-4000-8000-00000000dead/what-if").status_code == 404


def test_an_admin_agent_is_told_why_no_rule_is_shown_and_gets_the_matrix(
    client: Client, people: FakeDirectory, admin: User, samira: User, sign_in: SignIn
) -> None:
    sign_in(client, admin, roles=[Role.ADMIN_AGENT])
    text = text_of(client, samira, "?page=customers&client=browser")
    assert "Policies are shown by the directory to Global admins and Security admins." in text
    assert "Asks to verify" in text
    assert not any("evaluate" in path for _method, path in people.asked)


def test_a_directory_that_keeps_its_policies_back_is_said(client: Client, people: FakeDirectory, samira: User) -> None:
    people.refuse.append(("POST", "evaluate", 403, "Authorization_RequestDenied"))
    text = text_of(client, samira, "?page=customers&client=browser")
    assert "it keeps that from your account" in text
    assert "Asks to verify" in text


def test_a_disabled_account_signs_in_nowhere(client: Client, people: FakeDirectory, samira: User) -> None:
    people.users[samira.oid]["accountEnabled"] = False
    text = text_of(client, samira, "?page=customers&client=browser")
    assert "The account is disabled: it cannot sign in at all." in text
