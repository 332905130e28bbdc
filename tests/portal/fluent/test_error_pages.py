"""Error pages: they need no request, no session and no database."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

TITLES = {
    "400": "This request cannot be understood",
    "403": "You cannot open this",
    "403_csrf": "This form is out of date",
    "404": "There is nothing here",
    "500": "Something went wrong on our side",
    "503": "Not available right now",
}


@pytest.mark.parametrize("code", TITLES)
def test_an_error_page_is_drawn_without_a_request(code: str) -> None:
    with translation.override("en"):
        html = render_to_string(f"{code}.html")
    assert f"<h1>{TITLES[code]}</h1>" in html
    assert f"<title>{TITLES[code]}</title>" in html
    assert 'href="/"' in html


def test_an_unknown_address_gets_the_page(client: Client, db: None) -> None:
    response = client.get("/no/such/page")
    assert response.status_code == 404
    assert TITLES["404"] in response.content.decode()


def test_a_form_without_its_token_gets_the_page(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/theme", {"theme": "dark"})
    assert response.status_code == 403
    assert TITLES["403_csrf"] in response.content.decode()


def test_a_fault_gets_the_page_and_says_nothing_of_its_cause(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        message = "the secret cause"
        raise RuntimeError(message)

    client.raise_request_exception = False
    monkeypatch.setattr("fluent.theme.chosen_theme", broken)
    monkeypatch.setattr("fluent.context.chosen_theme", broken)
    response = client.get("/signed-out")
    assert response.status_code == 500
    assert TITLES["500"] in response.content.decode()
    assert "secret cause" not in response.content.decode()
