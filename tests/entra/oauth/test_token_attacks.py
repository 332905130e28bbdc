"""What an attacker tries with tokens: replay, theft, the wrong place, too late (RFC 9700, ASVS 9.2 and 10.4)."""

from typing import Any

import pytest
import time_machine

from entra.apps.models import Application
from entra.directory.models import Tenant, User
from entra.oauth.models import Grant, RefreshToken
from tests.entra.conftest import REDIRECT_URI, RelyingParty, make_user
from tests.entra.oauth.conftest import error_of

# Refresh tokens


def test_a_public_client_that_reuses_a_refresh_token_loses_the_family(public_rp: RelyingParty) -> None:
    first = public_rp.token(code=public_rp.code(), client_secret=None).json()["refresh_token"]
    second = public_rp.refresh(first, client_secret=None).json()["refresh_token"]
    assert error_of(public_rp.refresh(first, client_secret=None)) == ("invalid_grant", 70008)
    assert error_of(public_rp.refresh(second, client_secret=None)) == ("invalid_grant", 70008)


def test_a_confidential_client_may_repeat_itself_for_a_while(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        first = rp.tokens()["refresh_token"]
        second = rp.refresh(first).json()["refresh_token"]
        clock.shift(3600)
        assert rp.refresh(first).status_code == 200
        clock.shift(24 * 3600)
        assert error_of(rp.refresh(first)) == ("invalid_grant", 70008)
        assert rp.refresh(second).status_code == 200


def test_a_strict_confidential_client_loses_the_family_too(
    signed_in_rp: RelyingParty, application: Application
) -> None:
    application.strict_refresh = True
    application.save()
    first = signed_in_rp.tokens()["refresh_token"]
    second = signed_in_rp.refresh(first).json()["refresh_token"]
    assert error_of(signed_in_rp.refresh(first)) == ("invalid_grant", 70008)
    assert error_of(signed_in_rp.refresh(second)) == ("invalid_grant", 70008)


def test_a_refresh_token_of_one_tenant_is_not_used_at_another(signed_in_rp: RelyingParty, contoso: Tenant) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    signed_in_rp.segment = str(contoso.pk)
    assert error_of(signed_in_rp.refresh(token)) == ("invalid_grant", 700005)


@pytest.mark.requirement("M15", "M22")
@pytest.mark.parametrize("disabled", ["home", "guest"])
def test_a_guest_gets_no_further_tokens_once_either_account_is_disabled(
    signed_in_rp: RelyingParty, contoso: Tenant, john: User, disabled: str
) -> None:
    guest = make_user(contoso, "john_fabrikam.example#ext#", home_account=john, user_type="Guest")
    signed_in_rp.segment = str(contoso.pk)
    token = signed_in_rp.tokens()["refresh_token"]
    User.objects.filter(pk={"home": john, "guest": guest}[disabled].pk).update(account_enabled=False)
    assert error_of(signed_in_rp.refresh(token)) == ("invalid_grant", 50057)


def test_a_refresh_token_of_another_application_is_refused(
    signed_in_rp: RelyingParty, other_application: Application
) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    thief = {"client_id": str(other_application.pk), "client_secret": "another-secret"}
    assert error_of(signed_in_rp.refresh(token, **thief)) == ("invalid_grant", 70000)


def test_a_refresh_token_does_not_widen_its_scope(signed_in_rp: RelyingParty) -> None:
    token = signed_in_rp.tokens(scope="openid offline_access")["refresh_token"]
    assert error_of(signed_in_rp.refresh(token, scope="openid profile")) == ("invalid_scope", 70011)


def test_a_token_of_a_narrower_scope_tells_no_more_than_that(signed_in_rp: RelyingParty) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    narrow = signed_in_rp.refresh(token, scope="openid").json()
    header = f"Bearer {narrow['access_token']}"
    assert set(signed_in_rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).json()) == {"sub"}
    assert not {"name", "email"} & set(signed_in_rp.id_claims(narrow["id_token"]))


def test_refreshing_goes_on_for_a_year_at_most(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        token = rp.tokens()["refresh_token"]
        for _ in range(5):
            clock.shift(72 * 24 * 3600)
            token = rp.refresh(token).json()["refresh_token"]
        clock.shift(5 * 24 * 3600)
        assert error_of(rp.refresh(token)) == ("invalid_grant", 70008)


def test_a_refresh_token_lives_90_days(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        token = rp.tokens()["refresh_token"]
        clock.shift(90 * 24 * 3600)
        assert error_of(rp.refresh(token)) == ("invalid_grant", 70008)


def test_only_hashes_are_stored(signed_in_rp: RelyingParty) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    assert token not in str(list(RefreshToken.objects.values()))


@pytest.mark.requirement("M22")
@pytest.mark.parametrize("change", ["disabled", "revoked"])
def test_a_disabled_account_or_a_revoked_session_ends_every_token(
    signed_in_rp: RelyingParty, john: User, change: str
) -> None:
    tokens = signed_in_rp.tokens()
    code = signed_in_rp.code()
    if change == "disabled":
        john.account_enabled = False
    else:
        john.sessions_valid_from = Grant.objects.latest("created_at").created_at.replace(year=2100)
    john.save()
    assert signed_in_rp.token(code=code).status_code == 400
    assert signed_in_rp.refresh(tokens["refresh_token"]).status_code == 400
    header = f"Bearer {tokens['access_token']}"
    assert signed_in_rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).status_code == 401
    assert signed_in_rp.authorize(prompt="none")["Location"].startswith(f"{REDIRECT_URI}?error=login_required")


@pytest.mark.parametrize("revoked", [True, False])
def test_client_libraries_are_told_to_forget_a_refresh_token_and_ask_the_person(
    signed_in_rp: RelyingParty, john: User, revoked: bool
) -> None:
    """By `suberror`: a bare `invalid_grant` is a fault of the application to them."""
    token = signed_in_rp.tokens()["refresh_token"]
    if revoked:
        User.objects.update(sessions_valid_from=Grant.objects.latest("created_at").created_at.replace(year=2100))
    else:
        RefreshToken.objects.update(expires_at=Grant.objects.latest("created_at").created_at)
    response = signed_in_rp.refresh(token)
    assert error_of(response) == ("invalid_grant", 50173 if revoked else 70008)
    assert response.json()["suberror"] == "bad_token"
    assert "suberror" not in signed_in_rp.refresh("another").json()


# Tokens at the wrong place


def test_an_id_token_is_not_an_access_token(signed_in_rp: RelyingParty) -> None:
    header = f"Bearer {signed_in_rp.tokens()['id_token']}"
    response = signed_in_rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


def test_an_expired_access_token_is_refused(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        header = f"Bearer {rp.tokens()['access_token']}"
        clock.shift(3899)
        assert rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).status_code == 200
        clock.shift(2)
        assert rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).status_code == 401


@pytest.mark.requirement("M23")
def test_the_provider_session_lasts_24_hours(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        clock.shift(24 * 3600 - 1)
        assert "code" in rp.answer(prompt="none")
        clock.shift(1)
        assert rp.answer(prompt="none")["error"] == "login_required"
