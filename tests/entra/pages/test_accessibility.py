"""The provider's pages in Chromium: axe in light and dark, no sideways scrolling on a phone in any language."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from entra.directory.methods.one_time_codes import current_code
from entra.directory.models import AuthenticatorApp
from tests.axe import Answer, answer_of, chromium_page, overflow, served_by, violations_in_both_schemes
from tests.entra.pages.conftest import code_of

HOST = "http://localhost:8001"
WRONG = "000000"


@pytest.fixture
def walk(visitor, john, client: Client, clock) -> Callable[[], dict[str, Answer]]:
    """Sign in with registration, then once more, then see one's security info; keep what each page answered."""

    def walked() -> dict[str, Answer]:
        seen: dict[str, Answer] = {}

        def keep(name: str) -> None:
            seen[f"/{name}"] = answer_of(visitor.response)

        def fetch(*addresses: str) -> None:
            seen.update({address: answer_of(client.get(address)) for address in addresses})

        visitor.need_mfa()
        keep("identify")
        visitor.type_name("nobody@nowhere.example")
        keep("identify-wrong")
        visitor.type_name("john@fabrikam.example")
        keep("password")
        visitor.type_password("wrong")
        keep("password-wrong")
        visitor.type_password()
        keep("more-information")
        visitor.open("register_method")
        keep("choose-method")
        for method in ("securityKey", "hardwareToken", "authenticatorApp"):
            visitor.send("register_method", method=method)
            keep(f"set-up-{method}")
        visitor.send("register_set_up", code=WRONG)
        keep("set-up-wrong")
        visitor.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))
        keep("registered")
        app = AuthenticatorApp.objects.get()
        client.cookies.pop(settings.SESSION_COOKIE_NAME)
        visitor.need_mfa().type_name("john@fabrikam.example").type_password()
        keep("verify")
        visitor.send("verify", method="authenticatorApp", code=WRONG)
        keep("verify-wrong")
        visitor.send("verify", method="authenticatorApp", code=code_of(app, clock))
        assert visitor.answered
        visitor.begin(prompt=("select_account",))
        keep("select")
        fetch("/mysecurityinfo", "/mysecurityinfo/add", f"/mysecurityinfo/remove/{app.pk}")
        fetch("/demo/personas", "/demo/outbox", "/signin/unknown", "/nothing", "/organizations/oauth2/v2.0/logout")
        return seen

    return walked


def test_axe_finds_nothing_on_any_page(walk, client: Client) -> None:
    seen = walk()
    found = {}
    with chromium_page(viewport={"width": 1200, "height": 900}) as page:
        page.route(f"{HOST}/**", served_by(client, HOST, seen))
        for address in seen:
            page.goto(f"{HOST}{address}")
            assert page.locator("h1").count() == 1, address
            if faults := violations_in_both_schemes(page):
                found[address] = faults
    assert found == {}


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_no_page_is_wider_than_a_phone(walk, client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    seen = walk()
    wide = {}
    with chromium_page(viewport={"width": 360, "height": 800}) as page:
        page.route(f"{HOST}/**", served_by(client, HOST, seen))
        for address in seen:
            page.goto(f"{HOST}{address}")
            wide[address] = overflow(page, 360)
    assert {address: pixels for address, pixels in wide.items() if pixels > 0} == {}
