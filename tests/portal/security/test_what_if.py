"""The what-if of the security workspace: as in user management, asked by the portal itself (M6)."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.oidc import graph
from accounts.roles import Role
from tests.portal.accounts.users.people import HELPDESK_AGENTS, FakeDirectory
from tests.portal.conftest import SignIn
from tests.portal.directory import served

pytestmark = pytest.mark.requirement("M6")
PAGE = "/dashboard/security/what-if"
SAM = "sam@contoso.example"


@pytest.fixture
def people(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(graph, "_application_token", lambda tenant_id: "a-token")
    with served(FakeDirectory()) as fake:
        settings.GRAPH_URL = fake.base
        yield fake


@pytest.fixture
def sam(people: FakeDirectory) -> str:
    return people.add(9, "Sam Reyes", SAM)


@pytest.fixture(params=[Role.ADMIN_AGENT, Role.SECURITY_ADMIN])
def viewer(request: pytest.FixtureRequest, client: Client, alejandra: User, sign_in: SignIn) -> User:
    sign_in(client, alejandra, roles=[request.param])
    return alejandra


def text_of(browser: Client, status: int = 200, /, **query: str) -> str:
    response = browser.get(PAGE, query)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_nothing_is_asked_before_somebody_asks(client: Client, viewer: User, people: FakeDirectory) -> None:
    assert "Weigh it" in text_of(client)
    assert people.asked == []


@pytest.mark.parametrize("by_id", [False, True])
def test_a_person_is_weighed_with_every_rule_and_the_matrix(
    client: Client, viewer: User, people: FakeDirectory, sam: str, by_id: bool
) -> None:
    people.members[HELPDESK_AGENTS].add(sam)
    text = text_of(client, person=sam if by_id else SAM, page="customers", ip="203.0.113.9", client="other")
    (question,) = [body for body in people.bodies if body and "signInIdentity" in body]
    assert question["signInIdentity"]["userId"] == sam
    assert question["signInConditions"] == {"clientAppType": "other", "ipAddress": "203.0.113.9"}
    assert "MFA is enforced: verification is asked for at sign-in" in text
    assert "MFA for everybody" in text
    assert "Asks to verify" in text
    assert "Helpdesk agent" in text
    assert len(people.asked) == 4  # the person, the what-if, the groups twice


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"person": "nobody@contoso.example", "page": "billing"}, "Your directory knows nobody of this name or ID."),
        ({"person": "", "page": "billing"}, "This field is required."),
        ({"person": SAM, "page": "nowhere"}, "Select a valid choice."),
        ({"person": SAM, "page": "billing", "ip": "300.1.1.1"}, "Enter an IP address"),
        ({"person": SAM, "page": "application"}, "Enter the ID of the application."),
    ],
)
def test_a_question_that_makes_no_sense_is_said_at_its_field(
    client: Client, viewer: User, sam: str, query: dict[str, str], said: str
) -> None:
    assert said in text_of(client, 400, client="browser", **query)


def test_an_application_the_directory_does_not_know_is_said(
    client: Client, viewer: User, people: FakeDirectory, sam: str
) -> None:
    people.refuse.append(("POST", "evaluate", 400, "Request_BadRequest"))
    application = "10000000-0000-4000-8000-0000000000aa"
    text = text_of(client, 400, person=SAM, page="application", application=application, client="browser")
    assert "The directory knows no application of this ID." in text


def test_a_missing_consent_names_the_permissions(client: Client, viewer: User, people: FakeDirectory, sam: str) -> None:
    people.refuse.append(("POST", "evaluate", 403, "Authorization_RequestDenied"))
    assert "Policy.Read.All" in text_of(client, 403, person=SAM, page="billing", client="browser")


def test_other_roles_are_forbidden(client: Client, alejandra: User, sign_in: SignIn, people: FakeDirectory) -> None:
    sign_in(client, alejandra, roles=[Role.GLOBAL_ADMIN])
    text_of(client, 403)
    sign_in(client, alejandra, mfa=False, roles=[Role.ADMIN_AGENT])
    assert client.get(PAGE)["Location"].startswith("/oidc/step-up")
