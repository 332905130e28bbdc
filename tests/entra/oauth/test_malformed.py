"""Bytes that no client sends: refused, and never a fault of ours (ASVS 2.2.1, 16.5.2)."""

import base64

import jwt
import pytest
from django.test import Client

from entra.apps.models import Application

RECEIVERS = [
    "/oidc/userinfo",
    "/organizations/oauth2/v2.0/token",
    "/organizations/oauth2/v2.0/authorize",
    "/organizations/oauth2/v2.0/logout",
    "/login.srf",
    "/common/federation/controlreturn",
]
NAMES = ("client_id", "access_token", "SAMLResponse", "answer", "code", "client_secret")


@pytest.mark.parametrize("charset", ["unicode_escape", "undefined", "rot13", "idna", "base64", "utf-16"])
@pytest.mark.parametrize("address", RECEIVERS)
def test_only_utf_8_is_read(client: Client, application: Application, address: str, charset: str) -> None:
    parts = [f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n\\ud800\r\n' for name in NAMES]
    posted = client.generic(
        "POST", address, "".join(parts) + "--B--\r\n", f"multipart/form-data; boundary=B; charset={charset}"
    )
    assert posted.status_code == 400


@pytest.mark.parametrize("address", RECEIVERS)
def test_a_query_is_read_as_utf_8_only(client: Client, application: Application, address: str) -> None:
    asked = client.get(f"{address}?state=%5Cud800", CONTENT_TYPE="text/plain; charset=unicode_escape")
    assert asked.status_code == 400


def test_utf_8_may_be_named(client: Client, application: Application) -> None:
    kind = 'application/x-www-form-urlencoded; charset="UTF-8"'
    assert client.generic("POST", "/organizations/oauth2/v2.0/token", "client_id=x", kind).status_code == 401


@pytest.mark.parametrize("credentials", ["\xe9\xe9", "=", "/////w==", "YQ"])
def test_credentials_that_are_no_base64_are_refused(client: Client, application: Application, credentials: str) -> None:
    response = client.post("/organizations/oauth2/v2.0/token", {}, HTTP_AUTHORIZATION=f"Basic {credentials}")
    assert response.status_code == 401
    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "field", ["é" * 40, base64.b64encode(b"\xff\x00").decode(), base64.b64encode(b"<a/>").decode()]
)
def test_an_assertion_that_is_none_is_refused(client: Client, db: None, field: str) -> None:
    assert client.post("/login.srf", {"SAMLResponse": field}).status_code == 400


@pytest.mark.parametrize("question", ["\ud800", "\x00", 1, None, ["a"]])
def test_an_answer_to_no_question_is_refused(client: Client, db: None, question: object) -> None:
    answer = jwt.encode({"in_response_to": question}, "k" * 32, algorithm="HS256")
    assert client.post("/common/federation/controlreturn", {"answer": answer}).status_code == 400
