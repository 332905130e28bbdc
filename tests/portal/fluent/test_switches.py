"""Language and theme switches."""

from django.test import Client


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
