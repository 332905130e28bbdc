"""A new password on "My security info": after a temporary access pass, or in place of the old one."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from activity.models import AuditRecord
from entra.directory.methods import verify_password
from entra.directory.methods.one_time_codes import current_code
from entra.directory.methods.recovery import issue_recovery_codes
from entra.directory.methods.temporary_pass import issue_pass
from entra.directory.models import AuthenticatorApp, Domain, TemporaryAccessPass
from entra.events.models import OutgoingEvent
from entra.events.services import add_stream
from entra.federation.models import FederatedDomain
from mailing.models import OutgoingMail
from tests.entra.pages.conftest import PASSWORD, PORTAL, code_of

PAGE = "/mysecurityinfo/password"
NAME = "john@fabrikam.example"
NEW = "correct horse battery"
CHANGED = "https://schemas.openid.net/secevent/caep/event-type/credential-change"


@pytest.fixture
def verified(visitor, john, app_of, clock):
    """John has signed in with his app."""
    visitor.need_mfa().type_name(NAME).type_password()
    visitor.send("verify", method="authenticatorApp", code=code_of(app_of(john), clock))
    return visitor.client


def knows(john, password: str) -> bool:
    john.refresh_from_db()
    return bool(verify_password(account=john, sign_in_name=NAME, password=password, ip="::1"))


def test_the_new_password_replaces_the_old_one(verified, john, django_capture_on_commit_callbacks):
    add_stream(audience=PORTAL, endpoint="https://app.example/events", secret="s" * 40, actor="test")
    assert "Change password" in verified.get("/mysecurityinfo").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = verified.post(PAGE, {"password": NEW, "again": NEW})
    assert response["Location"] == "/mysecurityinfo"
    assert knows(john, NEW)
    assert not knows(john, PASSWORD)
    assert AuditRecord.objects.get(action="method.password_set").actor == str(john.pk)
    assert "The password of your account was changed." in OutgoingMail.objects.get().body
    event = OutgoingEvent.objects.get(type=CHANGED)
    assert (event.facts["credential_type"], event.facts["change_type"]) == ("password", "update")


def test_with_a_pass_somebody_without_a_password_sets_the_first_one(visitor, john):
    john.set_unusable_password()
    john.save()
    visitor.need_mfa().type_name(NAME).type_password(issue_pass(account=john, actor="x", usable_once=False)[1])
    visitor.send("register_method", method="authenticatorApp")
    visitor.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))
    assert visitor.client.post(PAGE, {"password": NEW, "again": NEW})["Location"] == "/mysecurityinfo"
    assert knows(john, NEW)
    assert not TemporaryAccessPass.objects.exists()


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("eleven char", "eleven char", "at least 12 characters"),
        ("password1234", "password1234", "too common"),
        ("john@fabrikam", "john@fabrikam", "too similar"),
        (NEW, "correct horse batterx", "The two passwords are not the same."),
        ("", "", "This field is required."),
        ("x" * 1025, "x" * 1025, "at most 1024 characters"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(verified, john, password, again, said):
    text = verified.post(PAGE, {"password": password, "again": again}).content.decode()
    assert said in text
    assert not password or f'value="{password}"' not in text
    assert knows(john, PASSWORD)


def test_it_takes_a_verification_within_15_minutes(verified, john, clock):
    clock.shift(timedelta(minutes=16))
    asked = verified.post(PAGE, {"password": NEW, "again": NEW})
    assert "/oauth2/v2.0/authorize" in asked["Location"]
    assert "state=password" in asked["Location"]
    assert verified.get("/mysecurityinfo/signed-in?code=x&state=password")["Location"] == PAGE
    assert knows(john, PASSWORD)


def test_a_recovery_code_is_not_enough(visitor, john, app_of):
    app_of(john)
    code = issue_recovery_codes(account=john)[0]
    visitor.need_mfa().type_name(NAME).type_password().send("verify", method="recoveryCode", code=code)
    assert visitor.client.post(PAGE, {"password": NEW, "again": NEW})["Location"] == "/mysecurityinfo"
    assert knows(john, PASSWORD)


def test_who_signs_in_at_another_provider_has_no_password_to_change(verified, fabrikam):
    Domain.objects.update(authentication="federated")
    FederatedDomain.objects.create(
        domain=fabrikam.domains.get(), issuer_uri="i", passive_sign_in_uri="https://i.example", signing_certificate="x"
    )
    assert "Change password" not in verified.get("/mysecurityinfo").content.decode()
    assert verified.post(PAGE, {"password": NEW, "again": NEW}).status_code == HTTPStatus.NOT_FOUND
