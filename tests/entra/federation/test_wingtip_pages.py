"""The example provider's pages in Chromium: axe in light and dark, no sideways scrolling in any language."""

import time
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest
from cryptography.x509 import load_pem_x509_certificate
from django.test import Client
from django.utils import timezone

from entra.federation.saml.request import AuthnRequest, redirect_url
from examples.wingtip import own, people
from examples.wingtip import settings as wingtip_settings
from examples.wingtip.service import Service, ServiceUnknown
from examples.wingtip.views import control, sign_in
from tests.axe import Pages, faults_of, never_shown, page_templates, recording
from tests.entra.federation.conftest import AUDIENCE, CONSUMER

HOST = "http://localhost:8002"
NAME = "prashob@wingtip.example"
TEMPLATES = Path(wingtip_settings.__file__).with_name("templates")
TAKEN = ("ROOT_URLCONF", "TEMPLATES", "MIDDLEWARE", "SESSION_ENGINE", "SESSION_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")
ALSO = ("CSRF_COOKIE_NAME", "MESSAGE_STORAGE", "PRODUCT_NAME", "WINGTIP_URL", "ENTRA_URL", "SECRET_KEY")


@pytest.fixture
def wingtip(settings, monkeypatch, pair, tmp_path) -> Client:
    """A browser at the example provider, which trusts the test's certificate and starts with nothing."""
    monkeypatch.setattr(own, "OWN_DIR", tmp_path)
    monkeypatch.setattr(people, "_used", {})
    monkeypatch.setattr(people, "_wrong", {})
    for name in TAKEN + ALSO:
        setattr(settings, name, getattr(wingtip_settings, name))
    key = load_pem_x509_certificate(pair.certificate_pem.encode()).public_key()
    trust(monkeypatch, lambda: Service(AUDIENCE, CONSUMER, key))
    return Client()


def trust(monkeypatch, service: Callable[[], Service]) -> None:
    for module in (control, sign_in):
        monkeypatch.setattr(module, "service", service)


@pytest.fixture
def shown(wingtip: Client, monkeypatch, pair) -> Callable[[], Pages]:
    """Every page of the example provider, in the language of the browser: `shown()`."""

    def walked() -> Pages:
        with recording() as pages:
            for address in ("/", "/demo", "/sign-in/unknown", "/saml/sso?SAMLRequest=x", "/nothing"):
                wingtip.get(address)
            wingtip.post("/settings", {"relay": "authncontext", "verify": "always"})
            wingtip.get("/settings")
            wingtip.post("/settings", {})
            sign_in_with_code(wingtip, pair)
            token = jwt.encode(control_request(), pair.key_pem, "RS256", headers={"typ": "control-request+jwt"})
            wingtip.get("/control", {"request": token})
            wingtip.get("/")
            wingtip.get("/sign-out")
            with monkeypatch.context() as context:
                trust(context, unknown)
                wingtip.get("/saml/sso?SAMLRequest=x")
        return pages

    return walked


def unknown() -> Service:
    raise ServiceUnknown("not reachable")


def sign_in_with_code(browser: Client, pair) -> None:
    request = AuthnRequest(
        id="_question",
        issued_at=timezone.now(),
        destination=f"{HOST}/saml/sso",
        issuer=AUDIENCE,
        consumer_url=CONSUMER,
        subject=NAME,
    )
    address = redirect_url(request, relay_state="r", key_pem=pair.key_pem)
    page = browser.get(address.removeprefix(HOST), follow=True).request["PATH_INFO"]
    browser.post(page, {"name": NAME, "password": "wrong"})
    browser.post(page, {"name": NAME, "password": own.WORLD["password"]}, follow=True)
    page = page.replace("password", "code")
    browser.post(page, {"code": "000000"})
    person = people.find(NAME)
    assert person
    browser.post(page, {"code": people.next_code(person)}, follow=True)


def control_request() -> dict[str, object]:
    return {
        "iss": wingtip_settings.ENTRA_URL,
        "aud": wingtip_settings.WINGTIP_URL,
        "sub": "trent@wingtipcloud.example",
        "jti": "asked-1",
        "exp": int(time.time()) + 300,
        "return_url": f"{wingtip_settings.ENTRA_URL}/common/federation/controlreturn",
    }


def test_every_page_is_looked_at_and_axe_finds_nothing(shown: Callable[[], Pages], wingtip: Client) -> None:
    pages = shown()
    assert never_shown(pages, page_templates(TEMPLATES)) == set()
    assert faults_of(pages, wingtip, HOST) == {}


@pytest.mark.parametrize("language", ["ja", "ru"])
def test_no_page_is_wider_than_a_phone(shown: Callable[[], Pages], wingtip: Client, language: str) -> None:
    wingtip.cookies[wingtip_settings.LANGUAGE_COOKIE_NAME] = language
    assert faults_of(shown(), wingtip, HOST, axe=False) == {}
