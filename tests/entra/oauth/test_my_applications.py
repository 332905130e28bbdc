"""A person's own page of what applications may do in their name, and taking it back (S2, S8, ASVS 10.7.3)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from activity.models import AuditRecord
from entra.apps.consents import record_consent
from entra.apps.models import Application, ConsentGrant
from entra.directory.models import Tenant, User
from entra.events.models import OutgoingEvent, Stream
from entra.oauth.models import RefreshToken
from entra.signin.method import Method
from entra.signin.models import AuthenticationEvent
from tests.entra.conftest import RelyingParty, make_user
from tests.entra.events.conftest import guest_of_john, stream
from tests.entra.oauth.test_partner_center import V2_SCOPE, sam

__all__ = ["guest_of_john", "sam", "stream"]
pytestmark = pytest.mark.requirement("S2")
PAGE = "/myapplications"
MFA = (Method.PASSWORD, Method.AUTHENTICATOR_APP)
SCOPES = V2_SCOPE.split()


def text(client: Client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200, response
    return str(response.content.decode())


def revoke_page(account: User, application: Application) -> str:
    return f"{PAGE}/{account.pk}/{application.pk}"


@pytest.fixture
def verified(sam: RelyingParty, john: User, sign_in: Callable[..., None]) -> Client:
    """John, who consented to the application before and has now verified."""
    sign_in(sam.browser, john, *MFA)
    return sam.browser


def test_it_lists_what_when_and_with_how_much_proof(verified: Client, sam: RelyingParty, john: User) -> None:
    ConsentGrant.objects.all().delete()
    assert "No application acts in your name" in text(verified)
    record_consent(application=sam.application, account=john, scopes=SCOPES)
    page = text(verified)
    assert sam.application.name in page
    assert "Access Partner Center as you" in page
    assert "Without MFA" in page
    assert "Not known" in page
    sam.tokens(scope=V2_SCOPE)
    record_consent(application=sam.application, account=john, scopes=SCOPES, mfa=True)
    page = text(verified)
    assert "With MFA" in page
    assert "Not known" not in page


def test_it_was_last_used_when_a_token_was_last_refreshed(verified: Client, sam: RelyingParty) -> None:
    sam.tokens(scope=V2_SCOPE)
    last = timezone.now() - timedelta(days=40)
    for row in RefreshToken.objects.all():
        row.grant.created_at = last - timedelta(days=1)
        row.grant.save()
        row.issued_at = last
        row.save()
    assert f'datetime="{last.isoformat(timespec="seconds")[:16]}' in text(verified)


def test_taking_it_back_is_asked_first_and_ends_what_the_application_holds(
    verified: Client, sam: RelyingParty, john: User, stream: Stream
) -> None:
    held, page = sam.tokens(scope=V2_SCOPE), revoke_page(john, sam.application)
    assert "automation that runs with it stops" in verified.get(page).content.decode()
    assert ConsentGrant.objects.filter(account=john).exists()
    assert verified.post(page)["Location"] == PAGE
    assert "may no longer do anything in your name" in text(verified)
    assert not ConsentGrant.objects.filter(account=john).exists()
    assert sam.refresh(held["refresh_token"]).json()["error"] == "invalid_grant"
    event = OutgoingEvent.objects.get()
    assert (event.type, event.account_id) == ("urn:partnercenter:event:grant-revoked", john.pk)
    assert AuditRecord.objects.get(action="application.consentRevoked").actor == str(john.pk)
    assert verified.post(page).status_code == 404


def test_nobody_takes_back_what_is_somebody_elses(verified: Client, sam: RelyingParty, john: User) -> None:
    mary = make_user(john.tenant, "mary")
    record_consent(application=sam.application, account=mary, scopes=SCOPES)
    assert verified.post(revoke_page(mary, sam.application)).status_code == 404
    assert ConsentGrant.objects.filter(account=mary).exists()


def test_what_an_administrator_allowed_is_shown_once_used_and_not_taken_back_here(
    verified: Client, sam: RelyingParty, john: User
) -> None:
    ConsentGrant.objects.all().delete()
    record_consent(application=sam.application, account=john, scopes=SCOPES, for_everybody=True)
    assert "What your organization allowed" not in text(verified)
    sam.tokens(scope=V2_SCOPE)
    assert "What your organization allowed" in text(verified)
    assert verified.post(revoke_page(john, sam.application)).status_code == 404
    record_consent(application=sam.application, account=john, scopes=SCOPES)
    said = verified.get(revoke_page(john, sam.application)).content.decode()
    assert "Your organization allowed it for everybody as well" in said


def test_what_is_allowed_as_a_guest_is_there_too(
    verified: Client, sam: RelyingParty, contoso: Tenant, guest_of_john: User
) -> None:
    record_consent(application=sam.application, account=guest_of_john, scopes=SCOPES)
    assert "in Contoso" in text(verified)
    assert verified.post(revoke_page(guest_of_john, sam.application)).status_code == 303
    assert not ConsentGrant.objects.filter(account=guest_of_john).exists()
    record = AuditRecord.objects.get(action="application.consentRevoked")
    assert (str(record.tenant_id), record.actor) == (contoso.pk, str(guest_of_john.pk))


def test_a_password_alone_opens_nothing_and_comes_back_here(verified: Client, sam: RelyingParty, john: User) -> None:
    AuthenticationEvent.objects.exclude(method=Method.PASSWORD).delete()
    for asked in (verified.get(PAGE), verified.post(revoke_page(john, sam.application))):
        assert asked.status_code == 303
        assert "state=applications" in asked["Location"]
    assert ConsentGrant.objects.filter(account=john).exists()


def test_a_form_from_elsewhere_takes_nothing_back(verified: Client, sam: RelyingParty, john: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = verified.cookies
    assert strict.post(revoke_page(john, sam.application)).status_code == 403
    assert ConsentGrant.objects.filter(account=john).exists()


@pytest.mark.requirement("S8")
def test_a_consent_says_whether_verification_came_first(
    sam: RelyingParty, john: User, sign_in: Callable[..., None], settings: Any
) -> None:
    settings.MFA_AT_CONSENT = False
    for methods, proven in [((Method.PASSWORD,), False), (MFA, True)]:
        ConsentGrant.objects.all().delete()
        browser = Client()
        sign_in(browser, john, *methods)
        rp = RelyingParty(browser, sam.application, sam.segment)
        browser.post(rp.authorize(scope=V2_SCOPE)["Location"])
        assert set(ConsentGrant.objects.values_list("mfa", "granted_by")) == {(proven, john.pk)}


@pytest.mark.requirement("S8")
def test_what_was_added_without_verification_makes_the_whole_unproven(sam: RelyingParty, john: User) -> None:
    ConsentGrant.objects.all().delete()
    for scopes, mfa, whole in [
        (["User.Read"], True, True),
        (["User.Read.All"], False, False),
        (["User.Read.All"], True, False),
        (["User.Read", "User.Read.All"], True, True),
    ]:
        record_consent(application=sam.application, account=john, scopes=scopes, mfa=mfa)
        assert ConsentGrant.objects.get().mfa is whole
