"""The mail about a changed account is in the language of the person it goes to, whoever made the change."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from accounts.users.local import assign_local_roles
from mailing.models import OutgoingMail
from tests.portal.accounts.users.conftest import LIST
from tests.portal.accounts.users.people import FakeDirectory
from tests.portal.conftest import SignIn
from tests.posted import posted

pytestmark = pytest.mark.requirement("M8")
ENGLISH = "Your Partner Center access was changed"
JAPANESE = "パートナー センターへのアクセスが変更されました"
RUSSIAN = "Ваш доступ к Центру партнеров изменен"


def subject_of_a_change(client: Client, user: User) -> str:
    """An administrator whose browser speaks Russian gives a role."""
    data = {"shown": ["sales-agent"], "roles": ["sales-agent", "helpdesk-agent"]}
    client.post(f"{LIST}/{user.oid}/roles", data, headers={"Accept-Language": "ru"})
    (sent,) = posted()
    return sent.subject


@pytest.mark.parametrize(
    ("used_here", "in_the_directory", "subject"),
    [
        ("ja", "en-US", JAPANESE),
        ("", "ja-JP", JAPANESE),
        ("", "fr-FR", ENGLISH),
        ("", None, ENGLISH),
    ],
)
def test_it_is_the_language_last_used_here_else_the_directorys(
    client: Client,
    people: FakeDirectory,
    samira: User,
    used_here: str,
    in_the_directory: str | None,
    subject: str,
) -> None:
    User.objects.filter(pk=samira.pk).update(language=used_here)
    people.users[samira.oid]["preferredLanguage"] = in_the_directory
    assert subject_of_a_change(client, samira) == subject


def test_somebody_of_a_provider_without_directory_gets_it_in_the_language_last_used_here(admin: User) -> None:
    admin.language = "ru"
    admin.save()
    assign_local_roles(user=admin, roles=[Role.BILLING_ADMIN], by=frozenset({Role.GLOBAL_ADMIN}), actor="test")
    (sent,) = posted()
    assert sent.subject == RUSSIAN
    assert "Администратор выставления счетов" in sent.body


def test_choosing_a_language_counts_from_the_next_mail(client: Client, samira: User, sign_in: SignIn) -> None:
    browser = Client()
    sign_in(browser, samira)
    response = browser.post("/language", {"language": "ja", "next": "/dashboard/overview"})
    assert response["Location"] == "/dashboard/overview"
    assert subject_of_a_change(client, samira) == JAPANESE


def test_a_language_there_is_not_and_a_visitor_are_nothing_to_remember(samira: User, sign_in: SignIn) -> None:
    browser = Client()
    browser.post("/language", {"language": "ja"})
    sign_in(browser, samira)
    browser.post("/language", {"language": "xx"})
    assert set(User.objects.values_list("language", flat=True)) == {""}


def test_a_refused_change_leaves_no_mail(client: Client, people: FakeDirectory, samira: User) -> None:
    people.refuse.append(("DELETE", "members", 403, "Authorization_RequestDenied"))
    client.post(f"{LIST}/{samira.oid}/roles", {"shown": ["sales-agent"], "roles": ["helpdesk-agent"]})
    assert not OutgoingMail.objects.exists()
