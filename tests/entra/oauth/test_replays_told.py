"""A token or code that was used twice has been copied: what was issued for it ends where it is used, too (M22)."""

from typing import Any

import pytest
from django.test import Client

from entra.apps.models import Application
from entra.directory.models import User
from entra.events.models import OutgoingEvent, Stream
from entra.oauth import devices, grants
from entra.oauth.errors import OAuthError
from entra.oauth.models import Grant
from entra.oauth.revocation import revoke_application
from tests.entra.conftest import SECRET, RelyingParty
from tests.entra.events.conftest import stream
from tests.entra.oauth.conftest import error_of
from tests.entra.oauth.devices import CONTINUE, Device, device
from tests.entra.oauth.test_partner_center import V2_SCOPE, sam

__all__ = ["device", "sam", "stream"]
pytestmark = pytest.mark.requirement("M22")


def told() -> list[tuple[str, Any, Any]]:
    return [(event.type, event.account_id, str(event.application_id)) for event in OutgoingEvent.objects.all()]


def revoked(application: Application, john: User) -> list[tuple[str, Any, Any]]:
    return [("urn:partnercenter:event:grant-revoked", john.pk, str(application.pk))]


def test_receivers_are_told_of_a_replayed_code_once(sam: RelyingParty, john: User, stream: Stream) -> None:
    code = sam.code(scope=V2_SCOPE)
    assert sam.token(code=code).status_code == 200
    assert told() == []
    for _ in range(2):
        assert error_of(sam.token(code=code)) == ("invalid_grant", 54005)
    assert told() == revoked(sam.application, john)


def test_receivers_are_told_of_a_replayed_refresh_token(public_rp: RelyingParty, john: User, stream: Stream) -> None:
    first = public_rp.token(code=public_rp.code(), client_secret=None).json()["refresh_token"]
    public_rp.refresh(first, client_secret=None)
    assert told() == []
    public_rp.refresh(first, client_secret=None)
    assert told() == revoked(public_rp.application, john)


def test_a_confidential_application_that_repeats_itself_loses_nothing(sam: RelyingParty, stream: Stream) -> None:
    first = sam.token(code=sam.code(scope=V2_SCOPE)).json()["refresh_token"]
    assert [sam.refresh(first).status_code for _ in range(2)] == [200, 200]
    assert told() == []


def test_of_two_simultaneous_uses_of_a_code_neither_is_left_standing(
    sam: RelyingParty, application: Application, john: User, stream: Stream
) -> None:
    code = sam.code(scope=V2_SCOPE)
    rows = [grants.redeem_code(code=code, application=application) for _ in range(2)]
    grants.mark_redeemed(rows[0])
    with pytest.raises(OAuthError):
        grants.mark_redeemed(rows[1])
    assert told() == revoked(application, john)


def approved(device: Device) -> Device:
    device.ask()
    device.enter()
    assert device.answer(**CONTINUE).status_code == 200
    return device


def test_of_two_simultaneous_polls_neither_is_left_standing(device: Device, john: User, stream: Stream) -> None:
    code, application = approved(device).told["device_code"], device.rp.application
    rows = [devices.poll(device_code=code, application=application) for _ in range(2)]
    devices.mark_redeemed(rows[0])
    with pytest.raises(OAuthError):
        devices.mark_redeemed(rows[1])
    assert told() == revoked(application, john)


def test_a_device_gets_nothing_for_what_was_revoked_while_it_waited(device: Device, john: User) -> None:
    approved(device)
    revoke_application(application=device.rp.application, tenant=john.tenant, actor="a test")
    assert error_of(device.poll()) == ("invalid_grant", 70008)


def test_an_application_learns_that_a_replayed_code_voided_its_token(sam: RelyingParty) -> None:
    code = sam.code(scope=V2_SCOPE)
    token = sam.token(code=code).json()["access_token"]
    sam.token(code=code)
    posted = {"client_id": str(sam.application.pk), "client_secret": SECRET, "token": token}
    path = f"/{sam.segment}/oauth2/v2.0/introspect"
    assert Client().post(path, posted).json() == {"active": False}
    assert Grant.objects.get().revoked_at is not None
