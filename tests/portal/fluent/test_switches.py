"""Language and theme switches."""

import pytest
from django.test import Client, RequestFactory

from fluent.context import return_path


def test_the_theme_is_remembered_and_the_browser_goes_back(client: Client, db: None) -> None:
    response = client.post("/theme", {"theme": "dark", "next": "/signed-out"})
    assert (response.status_code, response["Location"]) == (303, "/signed-out")
    assert b'data-theme="dark"' in client.get("/signed-out").content


def test_an_unknown_theme_is_refused(client: Client, db: None) -> None:
    assert client.post("/theme", {"theme": "pink"}).status_code == 400


def test_switches_never_leave_the_site(client: Client, db: None) -> None:
    assert client.post("/theme", {"theme": "dark", "next": "https://evil.example/"})["Location"] == "/"
    assert client.post("/language", {"language": "ja", "next": "//evil.example/"})["Location"] == "/"


def test_the_language_is_remembered(client: Client, db: None) -> None:
    client.post("/language", {"language": "ja", "next": "/signed-out"})
    assert b'<html lang="ja"' in client.get("/signed-out").content


def test_the_browsers_language_is_honoured(client: Client, db: None) -> None:
    assert b'<html lang="ru"' in client.get("/signed-out", headers={"accept-language": "ru"}).content


def test_switching_needs_a_post(client: Client, db: None) -> None:
    assert client.get("/theme").status_code == 405


@pytest.mark.parametrize(
    ("referer", "path"),
    [
        ("http://testserver/form?a=1", "/form?a=1"),
        ("https://evil.example/form", "/"),
        ("", "/"),
    ],
)
def test_on_the_answer_to_a_form_a_switch_goes_back_to_the_form(referer: str, path: str) -> None:
    request = RequestFactory().post("/form/save", headers={"referer": referer})
    assert return_path(request) == path


def test_on_a_page_a_switch_comes_back_to_it_with_its_query() -> None:
    assert return_path(RequestFactory().get("/list", {"q": "a"})) == "/list?q=a"
