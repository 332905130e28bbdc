"""Who consents has verified just now, and an administrator may consent for everybody (S2, S8, M23)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from entra.apps.models import Application, ConsentGrant
from entra.directory.models import DirectoryRole, RoleAssignment, User
from entra.signin.method import Method
from entra.signin.models import AuthenticationEvent, Interaction
from tests.entra.conftest import RelyingParty, make_user
from tests.entra.graph.directory import audited

SCOPE = "openid https://api.partnercenter.microsoft.com/user_impersonation"


@pytest.fixture
def asking(signed_in_rp: RelyingParty) -> RelyingParty:
    Application.objects.update(preauthorized=False)
    return signed_in_rp


@pytest.mark.requirement("S8")
def test_a_password_alone_consents_to_nothing(asking: RelyingParty, john: User, sign_in: Callable[..., None]) -> None:
    page = asking.authorize(scope=SCOPE)["Location"]
    assert page.endswith("/register")
    asking.browser.post(page.replace("/register", "/consent"))
    assert not ConsentGrant.objects.exists()
    sign_in(asking.browser, john, Method.AUTHENTICATOR_APP)
    assert asking.authorize(scope=SCOPE)["Location"].endswith("/consent")


@pytest.mark.requirement("M23")
@pytest.mark.parametrize("max_age", [None, "100000"])
def test_verification_of_twenty_minutes_ago_is_too_old(
    asking: RelyingParty, john: User, sign_in: Callable[..., None], max_age: str | None
) -> None:
    sign_in(asking.browser, john, Method.AUTHENTICATOR_APP)
    AuthenticationEvent.objects.update(at=timezone.now() - timedelta(minutes=20))
    assert asking.authorize(scope=SCOPE, max_age=max_age)["Location"].endswith("/password")


@pytest.mark.requirement("M23")
@pytest.mark.parametrize(("minutes", "accepted"), [(14, True), (16, False)])
def test_the_age_counts_when_consent_is_given_not_when_the_page_was_opened(
    asking: RelyingParty, john: User, sign_in: Callable[..., None], minutes: int, accepted: bool
) -> None:
    sign_in(asking.browser, john, Method.AUTHENTICATOR_APP)
    page = asking.authorize(scope=SCOPE)["Location"]
    then = timezone.now() - timedelta(minutes=minutes)
    AuthenticationEvent.objects.update(at=then)
    Interaction.objects.update(created_at=then)
    answered = asking.browser.post(page)
    assert ConsentGrant.objects.exists() is accepted
    assert answered.get("Location", "").endswith("/password") is not accepted
    sign_in(asking.browser, john, Method.PASSWORD, Method.AUTHENTICATOR_APP)
    assert asking.browser.get(page).status_code == (404 if accepted else 200)  # answered and gone, or asked still


@pytest.mark.requirement("S8")
def test_with_the_setting_off_a_grant_without_verification_comes_about(asking: RelyingParty, settings: Any) -> None:
    settings.MFA_AT_CONSENT = False
    assert asking.authorize(scope=SCOPE)["Location"].endswith("/consent")


def test_telling_who_one_is_takes_no_verification(asking: RelyingParty) -> None:
    assert asking.authorize(scope="openid profile offline_access")["Location"].endswith("/consent")


def test_what_was_consented_to_once_takes_none_either(
    asking: RelyingParty, john: User, sign_in: Callable[..., None]
) -> None:
    sign_in(asking.browser, john, Method.AUTHENTICATOR_APP)
    asking.browser.post(asking.authorize(scope=SCOPE)["Location"])
    AuthenticationEvent.objects.update(at=timezone.now() - timedelta(minutes=20))
    assert "code" in asking.answer(scope=SCOPE)


def test_a_silent_request_says_that_consent_is_missing(asking: RelyingParty) -> None:
    assert asking.answer(scope=SCOPE, prompt="none")["error"] == "consent_required"


@pytest.mark.requirement("S2")
@pytest.mark.parametrize("everybody", [True, False])
def test_an_administrator_consents_for_everybody_if_asked_to(
    asking: RelyingParty, john: User, sign_in: Callable[..., None], everybody: bool
) -> None:
    RoleAssignment.objects.create(user=john, role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    sign_in(asking.browser, john, Method.AUTHENTICATOR_APP)
    page = asking.authorize(scope=SCOPE)["Location"]
    assert "Consent on behalf of your organization" in asking.browser.get(page).content.decode()
    asking.browser.post(page, {"for_everybody": "on"} if everybody else {})
    sign_in(asking.browser, make_user(john.tenant, "sales"))
    asked = asking.authorize(scope=SCOPE)["Location"]
    assert asked.startswith("https://app.example") == everybody
    [(actor, _subject, detail)] = audited("application.consented")
    assert (actor, detail["for_everybody"]) == (str(john.pk), everybody)


def test_nobody_else_consents_for_everybody(asking: RelyingParty, john: User, sign_in: Callable[..., None]) -> None:
    sign_in(asking.browser, john, Method.AUTHENTICATOR_APP)
    page = asking.authorize(scope=SCOPE)["Location"]
    assert "on behalf of" not in asking.browser.get(page).content.decode()
    asking.browser.post(page, {"for_everybody": "on"})
    assert {grant.account for grant in ConsentGrant.objects.all()} == {john}
