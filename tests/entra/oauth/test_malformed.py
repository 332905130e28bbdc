"""Bytes that no client sends: refused, and never a fault of ours (ASVS 2.2.1, 16.5.2)."""

import base64
from typing import Any
from urllib.parse import unquote

import jwt
import pytest
from django.test import Client

from entra.apps.models import Application
from entra.directory.services import find_home_account, find_tenant
from tests.entra.conftest import SECRET

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


@pytest.mark.parametrize("name", ["acr_values", "scope", "username", "a\x00"])
@pytest.mark.parametrize("endpoint", ["devicecode", "token"])
def test_nul_is_in_no_parameter(client: Client, application: Application, endpoint: str, name: str) -> None:
    """PostgreSQL takes it neither in text nor in JSON."""
    posted = {
        "client_id": str(application.pk),
        "client_secret": SECRET,
        "grant_type": "password",
        "scope": "openid",
        "username": "john@fabrikam.example",
        "password": "x",
    }
    response = client.post(f"/organizations/oauth2/v2.0/{endpoint}", posted | {name: "x\x00@fabrikam.example"})
    assert (response.status_code, response.json()["error_codes"]) == (400, [9002313])


@pytest.mark.parametrize("name", ["%00", "john@%00.example", "john@fabrikam.example%00"])
def test_nobody_has_nul_in_a_name(client: Client, db: None, name: str) -> None:
    assert client.get(f"/common/userrealm/{name}").json()["account_type"] == "Unknown"
    assert find_home_account(unquote(name)) is None
    assert find_tenant(unquote(name)) is None


@pytest.mark.parametrize("name", ["grant_type", "code", "client_id", "client_secret", "redirect_uri"])
def test_a_parameter_of_the_token_endpoint_is_given_once(client: Client, application: Application, name: str) -> None:
    """RFC 6749 section 3.2."""
    posted: dict[str, Any] = {"client_id": str(application.pk), "client_secret": SECRET, name: ["x", "x"]}
    response = client.post("/organizations/oauth2/v2.0/token", posted)
    assert response.json()["error_codes"] == [9002313]
    assert name in response.json()["error_description"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("&".join(f"a{number}=1" for number in range(2000)), "application/x-www-form-urlencoded"),
        ("a=" + "x" * 3_000_000, "application/x-www-form-urlencoded"),
        ("x", "multipart/form-data; boundary="),
    ],
)
def test_programs_are_told_in_json_that_a_body_cannot_be_read(
    client: Client, application: Application, body: str, kind: str
) -> None:
    response = client.generic("POST", "/organizations/oauth2/v2.0/token", body, kind)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response["Cache-Control"] == "no-store"
