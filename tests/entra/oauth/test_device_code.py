"""Signing in on a device without a browser (RFC 8628), v1 and v2."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import Tenant, User
from entra.oauth.models import DeviceCode, Grant
from tests.entra.conftest import RelyingParty
from tests.entra.oauth.conftest import error_of
from tests.entra.oauth.devices import API, CANCEL, CONTINUE, URN, Device, claims_of, device

__all__ = ["device"]


def test_the_device_is_told_two_codes_and_where_to_go(device: Device) -> None:
    told = device.ask().json()
    assert set(told) == {"user_code", "device_code", "verification_uri", "expires_in", "interval", "message"}
    assert (told["verification_uri"], told["expires_in"]) == ("http://localhost:8001/devicelogin", 900)
    assert told["interval"] == 5
    assert told["message"] == (
        "To sign in, use a web browser to open the page http://localhost:8001/devicelogin "
        f"and enter the code {told['user_code']}."
    )
    stored = str(list(DeviceCode.objects.values()))
    assert told["device_code"] not in stored
    assert told["user_code"].replace("-", "") not in stored


@pytest.mark.parametrize("grant_type", [URN, "device_code"])
def test_a_person_types_the_code_confirms_and_the_device_is_signed_in(
    device: Device, john: User, grant_type: str
) -> None:
    device.ask()
    assert error_of(device.poll(grant_type)) == ("authorization_pending", 70016)
    assert device.enter().context["application"].name == "Desktop tool"
    done = device.answer(**CONTINUE)
    assert (done.status_code, done.context["approved"]) == (200, True)
    response = device.poll(grant_type, client_info="1")
    claims = claims_of(response)
    assert (claims["aud"], claims["oid"], claims["amr"]) == (API, str(john.pk), ["pwd"])
    assert (claims["appidacr"], claims["ipaddr"]) == ("0", "127.0.0.1")
    assert {"refresh_token", "id_token", "client_info"} <= set(response.json())


def test_v1_has_its_own_names_and_texts(device: Device) -> None:
    device.rp.prefix = "oauth2"
    Application.objects.filter(pk=device.rp.application.pk).update(permissions=[f"{API}/user_impersonation"])
    told = device.ask(scope=None, resource=API).json()
    assert told["verification_url"] == "http://localhost:8001/devicelogin"
    assert (told["expires_in"], told["interval"]) == ("900", "5")
    device.enter()
    device.answer(**CONTINUE)
    response = device.poll("device_code", code=told["device_code"])
    assert claims_of(response)["scp"] == "user_impersonation"
    assert response.json()["resource"] == API


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_the_code_is_understood_however_it_is_written(device: Device, write: Callable[[str], str]) -> None:
    device.ask()
    assert "application" in device.enter(write(device.told["user_code"])).context


def test_nobody_is_signed_in_before_the_application_is_confirmed(device: Device) -> None:
    device.ask()
    device.enter()
    confirm = device.page
    interaction = confirm.rsplit("/", 1)[1]
    for path in (f"/signin/{interaction}", f"/signin/{interaction}/resume"):
        device.follow(device.rp.browser.get(path))
        assert device.page == confirm
    assert error_of(device.poll()) == ("authorization_pending", 70016)
    assert not Grant.objects.exists()


def test_the_page_says_where_the_device_is(device: Device) -> None:
    device.ask()
    assert "203.0.113.9" in device.enter().content.decode()


def test_declining_is_told_to_the_device(device: Device) -> None:
    device.ask()
    device.enter()
    done = device.answer(**CANCEL)
    assert (done.status_code, done.context["approved"]) == (200, False)
    assert error_of(device.poll()) == ("authorization_declined", 65004)


def test_a_code_is_entered_by_nobody_twice_and_redeemed_once(device: Device) -> None:
    device.ask()
    device.enter()
    device.answer(**CONTINUE)
    again = device.rp.browser.post("/devicelogin", {"user_code": device.told["user_code"]})
    assert again.status_code == 200
    assert again.context["form"].errors
    token = device.poll().json()["refresh_token"]
    assert error_of(device.poll()) == ("invalid_grant", 54005)
    refreshed = device.http.post(
        f"/{device.rp.segment}/oauth2/v2.0/token",
        {"client_id": str(device.rp.application.pk), "grant_type": "refresh_token", "refresh_token": token},
    )
    assert error_of(refreshed) == ("invalid_grant", 70008)


def test_of_two_browsers_with_the_code_the_first_one_answers(device: Device, john: User, sign_in: Any) -> None:
    device.ask()
    device.enter()
    first = device.page
    other = Device(RelyingParty(Client(), device.rp.application, device.rp.segment))
    sign_in(other.rp.browser, john)
    other.told = device.told
    other.enter()
    other.answer(**CONTINUE)
    device.page = first
    late = device.answer(**CONTINUE)
    assert (late.status_code, late.context["in_time"]) == (410, False)
    assert Grant.objects.count() == 1


def test_the_codes_end_after_fifteen_minutes(device: Device) -> None:
    device.ask()
    device.enter()
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert error_of(device.poll()) == ("expired_token", 70019)
        assert device.answer(**CONTINUE).status_code == 410
        assert device.rp.browser.post("/devicelogin", {"user_code": device.told["user_code"]}).context["form"].errors
    call_command("clear_expired")
    assert DeviceCode.objects.count() == 1
    DeviceCode.objects.update(expires_at=timezone.now() - timedelta(days=31))
    call_command("clear_expired")
    assert not DeviceCode.objects.exists()


def test_who_polls_too_fast_is_told_to_slow_down(device: Device) -> None:
    device.ask()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert error_of(device.poll())[0] == "authorization_pending"
        clock.shift(2)
        assert error_of(device.poll())[0] == "slow_down"
        clock.shift(5)
        assert error_of(device.poll())[0] == "slow_down"  # ten seconds now
        clock.shift(15)
        assert error_of(device.poll())[0] == "authorization_pending"


def test_guesses_run_out(device: Device) -> None:
    device.ask()
    for _ in range(10):
        page = device.rp.browser.post("/devicelogin", {"user_code": "BBBB-BBBB"})
        assert "or it has expired" in str(page.context["form"].errors)
    right = device.rp.browser.post("/devicelogin", {"user_code": device.told["user_code"]})
    assert "Too many wrong attempts" in str(right.context["form"].errors)


def test_a_code_of_one_application_is_nothing_to_another(device: Device, other_application: Application) -> None:
    device.ask()
    device.enter()
    device.answer(**CONTINUE)
    fields = {"client_id": str(other_application.pk), "client_secret": "another-secret"}
    assert error_of(device.poll(**fields)) == ("bad_verification_code", 70018)
    assert device.poll().status_code == 200


def test_a_grant_of_one_tenant_is_not_fetched_at_another(device: Device, contoso: Tenant) -> None:
    Application.objects.filter(pk=device.rp.application.pk).update(multi_tenant=True)
    device.ask()
    device.enter()
    device.answer(**CONTINUE)
    device.rp.segment = str(contoso.pk)
    assert error_of(device.poll()) == ("invalid_grant", 700005)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"client_id": None}, ("invalid_request", 900144)),
        ({"client_id": "11111111-1111-4111-8111-111111111111"}, ("invalid_client", 700016)),
        ({"scope": None}, ("invalid_request", 900144)),
        ({"scope": "https://elsewhere.example/.default"}, ("invalid_resource", 500011)),
        ({"resource": API}, ("invalid_request", 901002)),
        ({"client_secret": "x"}, ("invalid_client", 700025)),
        ({"claims": "{"}, ("invalid_request", 9002313)),
        ({"acr_values": "2 " * 4000}, ("invalid_request", 9002313)),
    ],
)
def test_what_is_wrong_with_a_request_is_said(device: Device, fields: Any, expected: tuple[str, int]) -> None:
    assert error_of(device.ask(**fields)) == expected


def test_an_application_of_one_tenant_has_no_devices_at_common(device: Device, contoso: Tenant) -> None:
    device.rp.segment = "common"
    assert error_of(device.ask()) == ("unauthorized_client", 50194)
    device.rp.segment = str(contoso.pk)
    assert error_of(device.ask()) == ("unauthorized_client", 700016)


def test_what_is_kept_of_a_request_is_bounded(device: Device) -> None:
    """Anybody may ask for a public client, so that disks would fill."""
    claims = '{"access_token":{"acrs":{"values":["' + "c" * 4000 + '"]}}}'
    assert device.ask(claims=claims).status_code == 200
    assert error_of(device.ask(claims=claims, acr_values="2" * 4000)) == ("invalid_request", 9002313)
