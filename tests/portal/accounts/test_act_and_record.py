"""An act and its audit record are one: without the record nothing of the act is kept (ASVS 16)."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import services, sessions
from accounts.models import PartnerTenant, PortalSession, TokenSeen
from accounts.oidc import backchannel, flows
from accounts.views import signout
from tests.portal.accounts.conftest import Browser, is_in
from tests.portal.accounts.test_backchannel_logout import logout_token
from tests.portal.conftest import tenant_id


class LogIsFull(Exception):
    """The audit log takes no record."""


@pytest.fixture
def without_log(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes every later audit record fail."""

    def fail(**record: Any) -> NoReturn:
        raise LogIsFull

    def now() -> None:
        for module in (services, sessions, backchannel, flows, signout):
            monkeypatch.setattr(module, "record_audit", fail)

    return now


def test_nobody_is_signed_in_unrecorded(browser: Browser, without_log: Callable[[], None]) -> None:
    without_log()
    with pytest.raises(LogIsFull):
        browser.sign_in()
    assert not PortalSession.objects.exists()


def test_no_level_is_raised_unrecorded(browser: Browser, without_log: Callable[[], None]) -> None:
    browser.sign_in()
    browser.op.changed["amr"] = ["pwd", "mfa"]
    url = browser.leave("/commerce")
    without_log()
    with pytest.raises(LogIsFull):
        browser.come_back(url)
    assert [item.amr for item in PortalSession.objects.get().evidence] == [("pwd",)]
    assert is_in(browser.client)


def test_nobody_is_signed_out_unrecorded(browser: Browser, without_log: Callable[[], None]) -> None:
    browser.sign_in()
    without_log()
    with pytest.raises(LogIsFull):
        browser.client.post("/oidc/sign-out")
    assert is_in(browser.client)
    assert PortalSession.objects.get().tokens.id_token


def test_no_other_session_is_ended_unrecorded(
    browser: Browser, another_browser: Browser, without_log: Callable[[], None]
) -> None:
    browser.sign_in()
    another_browser.sign_in()
    without_log()
    with pytest.raises(LogIsFull):
        browser.client.post("/dashboard/me/sessions/end-others")
    assert is_in(another_browser.client)


def test_the_provider_ends_no_session_unrecorded(browser: Browser, without_log: Callable[[], None]) -> None:
    browser.sign_in()
    without_log()
    with pytest.raises(LogIsFull):
        Client().post("/oidc/backchannel-logout", {"logout_token": logout_token(browser)})
    assert is_in(browser.client)
    assert not TokenSeen.objects.exists()  # so that the provider's next try is taken


def test_no_partner_is_enrolled_unrecorded(db: None, without_log: Callable[[], None]) -> None:
    without_log()
    with pytest.raises(LogIsFull):
        call_command("enrol_partner", str(tenant_id(3)), "Fabrikam", "--program", "csp-direct")
    assert not PartnerTenant.objects.exists()
