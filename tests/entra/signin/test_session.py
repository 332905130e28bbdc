"""The provider session in the browser's cookie (M23, ASVS 7.2.4)."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from entra.directory.models import User
from entra.signin.method import Method
from entra.signin.models import Interaction, ProviderSession
from tests.entra.conftest import ESSENTIAL_MFA, RelyingParty


def cookie(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def test_every_proof_replaces_the_key_and_keeps_the_session(client: Client, john: User, sign_in: Any) -> None:
    sign_in(client, john)
    before, sid = cookie(client), ProviderSession.objects.get().pk
    sign_in(client, john, Method.AUTHENTICATOR_APP)
    assert cookie(client) != before
    assert ProviderSession.objects.get().pk == sid


def test_a_key_known_before_the_sign_in_is_worth_nothing_after_it(rp: RelyingParty, john: User, sign_in: Any) -> None:
    rp.authorize()
    planted = cookie(rp.browser)
    sign_in(rp.browser, john)
    rp.browser.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert rp.answer(prompt="none")["error"] == "login_required"


def test_another_account_starts_another_session(client: Client, john: User, alejandra: User, sign_in: Any) -> None:
    sign_in(client, john)
    sign_in(client, alejandra)
    assert set(ProviderSession.objects.values_list("account", flat=True)) == {john.pk, alejandra.pk}
    live = ProviderSession.objects.get(account=alejandra)
    assert [event.account_id for event in live.events.all()] == [alejandra.pk]


def test_an_interaction_moves_along_when_the_account_changes(
    rp: RelyingParty, john: User, alejandra: User, sign_in: Any
) -> None:
    sign_in(rp.browser, john)
    rp.authorize(claims=ESSENTIAL_MFA)
    sign_in(rp.browser, alejandra)
    assert Interaction.objects.get().session == ProviderSession.objects.get(account=alejandra)


@pytest.mark.requirement("M22")
def test_a_revocation_while_the_page_was_open_asks_for_the_password_once(
    rp: RelyingParty, john: User, sign_in: Any
) -> None:
    rp.authorize()
    john.sessions_valid_from = timezone.now()
    john.save()
    sign_in(rp.browser, john)
    assert "code" in rp.answer(prompt="none")


def test_the_key_is_stored_as_a_hash_and_the_cookie_is_out_of_reach_for_scripts(
    rp: RelyingParty, application: Any
) -> None:
    response = rp.authorize()
    morsel = response.cookies[settings.SESSION_COOKIE_NAME]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert morsel.value not in str(list(ProviderSession.objects.values()))
