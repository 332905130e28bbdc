"""Mails of the provider are in the language of the person they go to."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from entra.directory.administration.accounts import void_sessions
from entra.directory.administration.invitations import invite_guest
from entra.directory.models import Tenant, User
from tests.entra.conftest import make_user
from tests.posted import posted

CHANGED = {
    "en": "Your security info was changed",
    "ja": "セキュリティ情報が変更されました",
    "ru": "Ваши сведения о безопасности изменены",
}


def told(account: User) -> str:
    """The subject of a mail that an administrator whose pages are Russian caused."""
    with translation.override("ru"):
        void_sessions(account=account, actor="an administrator")
    (sent,) = posted()
    return sent.subject


@pytest.mark.parametrize(
    ("language", "country", "said"),
    [("ja", "RU", "ja"), ("", "JP", "ja"), ("", "RU", "ru"), ("", "US", "en"), ("", "", "en")],
)
def test_it_is_the_language_last_used_else_that_of_the_organizations_country(
    john: User, language: str, country: str, said: str
) -> None:
    john.language, john.tenant.country_code = language, country
    assert told(john) == CHANGED[said]


def test_a_guest_is_invited_in_the_language_of_the_account_at_home(fabrikam: Tenant, alejandra: User) -> None:
    User.objects.filter(pk=alejandra.pk).update(language="ja")
    guest = invite_guest(
        tenant=fabrikam, address="alejandra@contoso.example", actor="a", inviter="Grace", mail_link="https://p.example"
    )
    assert guest.language == "ja"
    assert posted()[0].subject == "Fabrikam に招待されました"


def test_a_sign_in_keeps_the_language_of_the_browser_for_the_guest_accounts_too(
    client: Client, fabrikam: Tenant, alejandra: User, sign_in: Callable[..., None]
) -> None:
    guest = make_user(fabrikam, "guest", home_account=alejandra)
    with translation.override("ja"):
        sign_in(client, alejandra)
    assert set(User.objects.filter(pk__in=[alejandra.pk, guest.pk]).values_list("language", flat=True)) == {"ja"}


def test_choosing_a_language_counts_from_the_next_mail(
    client: Client, john: User, sign_in: Callable[..., None]
) -> None:
    sign_in(client, john)
    assert client.post("/language", {"language": "ja", "next": "/"})["Location"] == "/"
    john.refresh_from_db()
    assert told(john) == CHANGED["ja"]


def test_a_language_there_is_not_is_not_kept(client: Client, john: User, sign_in: Callable[..., None]) -> None:
    sign_in(client, john)
    client.post("/language", {"language": "xx"})
    john.refresh_from_db()
    assert john.language == "en"
