"""What a sign-in on a device meets besides its code: policies, consent, the application's own proof (RFC 8628)."""

from typing import Any

import pytest
from django.test import Client

from entra.apps.models import Application
from entra.directory.models import User
from entra.policy.administration import require_mfa
from entra.signin.method import Method
from tests.entra.conftest import RelyingParty
from tests.entra.oauth.conftest import error_of
from tests.entra.oauth.devices import CONTINUE, Device, claims_of, device

__all__ = ["device"]


@pytest.mark.requirement("V6")
def test_a_policy_asks_for_verification_here_too(device: Device, john: User, sign_in: Any) -> None:
    require_mfa(tenant=john.tenant, name="MFA for all", users=None, excluded=[], actor="a test")
    device.ask()
    device.enter()
    device.rp.browser.post(device.page, CONTINUE)
    interaction = device.page.rsplit("/", 1)[1]
    assert device.rp.browser.get(f"/signin/{interaction}")["Location"].endswith("/register")
    assert error_of(device.poll()) == ("authorization_pending", 70016)
    sign_in(device.rp.browser, john, Method.AUTHENTICATOR_APP)
    device.follow(device.rp.browser.get(f"/signin/{interaction}"))
    assert claims_of(device.poll())["amr"] == ["pwd", "otp", "mfa"]


@pytest.mark.requirement("V6")
def test_a_device_may_ask_for_verification(device: Device) -> None:
    device.ask(claims='{"id_token":{"amr":{"essential":true,"values":["mfa"]}}}')
    device.enter()
    device.rp.browser.post(device.page, CONTINUE)
    interaction = device.page.rsplit("/", 1)[1]
    assert device.rp.browser.get(f"/signin/{interaction}")["Location"].endswith("/register")


def test_consent_is_asked_for_and_names_the_permission(device: Device) -> None:
    Application.objects.filter(pk=device.rp.application.pk).update(preauthorized=False)
    device.ask(scope="openid offline_access")
    device.enter()
    page = device.answer(**CONTINUE)
    assert "Maintain access" in page.content.decode()
    assert device.answer().context["approved"]
    assert device.poll().status_code == 200


def test_a_confidential_application_proves_itself_at_both_addresses(signed_in_rp: RelyingParty) -> None:
    device = Device(signed_in_rp)
    assert error_of(device.ask()) == ("invalid_client", 7000218)
    assert device.ask(client_secret=signed_in_rp.secret).status_code == 200
    device.enter()
    device.answer(**CONTINUE)
    assert error_of(device.poll()) == ("invalid_client", 7000218)
    assert device.poll(client_secret=signed_in_rp.secret).status_code == 200


def test_somebody_elses_browser_does_not_answer_for_this_one(device: Device, stranger_browser: Client) -> None:
    device.ask()
    device.enter()
    assert stranger_browser.post(device.page, CONTINUE).status_code == 404
    assert error_of(device.poll()) == ("authorization_pending", 70016)


@pytest.mark.parametrize("code", ["", "x", "x" * 500, "\x00"])
def test_a_device_code_that_is_none_is_refused(device: Device, code: str) -> None:
    device.ask()
    error, _code = error_of(device.poll(device_code=code))
    assert error in {"bad_verification_code", "invalid_request"}
