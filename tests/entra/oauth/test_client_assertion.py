"""Applications that prove themselves by a certificate (S1, S5)."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.core.management import call_command
from django.utils import timezone
from jwt.api_jws import PyJWS

from entra.apps.credentials import add_certificate
from entra.apps.models import Application, ClientCertificate, UsedAssertion
from entra.directory.models import Tenant
from entra.oauth.client_assertion import ASSERTION_TYPE
from tests.entra.conftest import RelyingParty
from tests.entra.oauth.assertions import SHA1, SHA256, Certified, assertion, certified
from tests.entra.oauth.conftest import error_of

ENTRA = "http://localhost:8001"


@pytest.fixture(scope="session")
def signer(rsa_pairs: list[Any]) -> Certified:
    return certified(rsa_pairs[0])


@pytest.fixture(scope="session")
def stranger(rsa_pairs: list[Any]) -> Certified:
    return certified(rsa_pairs[1])


@pytest.fixture
def asserting(signed_in_rp: RelyingParty, application: Application, signer: Certified) -> RelyingParty:
    add_certificate(application=application, pem=signer.pem, description="build server", actor="a test")
    return signed_in_rp


@pytest.fixture
def redeem(asserting: RelyingParty, signer: Certified) -> Callable[..., Any]:
    """Redeem a new code with an assertion: `redeem(exp=…, algorithm=…, header=…)`."""

    def act(audience: str = "", **changes: Any) -> Any:
        endpoint = audience or f"{ENTRA}/{asserting.segment}/oauth2/v2.0/token"
        fields = assertion(signer, str(asserting.application.pk), endpoint, **changes)
        return asserting.token(code=asserting.code(), client_secret=None, **fields)

    return act


@pytest.mark.requirement("S1")
def test_a_certificate_stands_in_for_a_secret_and_the_token_says_so(redeem: Callable[..., Any]) -> None:
    claims = jwt.decode(redeem().json()["access_token"], options={"verify_signature": False})
    assert claims["azpacr"] == "2"


@pytest.mark.requirement("S1")
@pytest.mark.parametrize("algorithm", ["PS256", "RS256"])
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize(("name", "digest"), [("x5t#S256", SHA256), ("x5t", SHA1)])
def test_every_way_of_naming_the_certificate_is_understood(
    redeem: Callable[..., Any], signer: Certified, algorithm: str, padded: bool, name: str, digest: Any
) -> None:
    header = {name: signer.thumbprint(digest, padded=padded)}
    assert redeem(algorithm=algorithm, header=header).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "c0000000-0000-4000-8000-000000000003/oauth2/v2.0/token",
        "c0000000-0000-4000-8000-000000000003/oauth2/token",
        "fabrikam.example/oauth2/v2.0/token",
        "c0000000-0000-4000-8000-000000000003/v2.0",
        "c0000000-0000-4000-8000-000000000003/",
    ],
)
def test_the_audience_may_spell_the_tenant_in_any_way(redeem: Callable[..., Any], path: str) -> None:
    assert redeem(f"{ENTRA}/{path}").status_code == 200


@pytest.mark.parametrize(
    "audience",
    [
        f"{ENTRA}/contoso.example/oauth2/v2.0/token",
        f"{ENTRA}/fabrikam.example/oauth2/v2.0/authorize",
        "https://login.example/fabrikam.example/oauth2/v2.0/token",
        f"{ENTRA}/c0000000-0000-4000-8000-000000000001/v2.0",
    ],
)
def test_an_assertion_made_for_somebody_else_is_refused(
    redeem: Callable[..., Any], contoso: Tenant, audience: str
) -> None:
    assert error_of(redeem(audience)) == ("invalid_client", 700023)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": time.time() - 3600}, 700024),
        ({"exp": time.time() + 3 * 3600}, 700024),
        ({"nbf": time.time() + 3600}, 700024),
        ({"exp": None}, 50027),
        ({"exp": "soon"}, 50027),
        ({"exp": 1e400}, 50027),
        ({"jti": None}, 50027),
        ({"jti": ""}, 50027),
        ({"sub": "11111111-1111-4111-8111-111111111111"}, 700021),
        ({"iss": "https://elsewhere.example"}, 700021),
        ({"aud": None}, 700023),
        ({"header": {}}, 700027),
        ({"header": {"x5t#S256": "é"}}, 700027),
    ],
)
def test_what_is_wrong_with_an_assertion_is_said(redeem: Callable[..., Any], changes: Any, code: int) -> None:
    assert error_of(redeem(**changes)) == ("invalid_client", code)


def test_an_assertion_made_for_others_too_is_refused(redeem: Callable[..., Any]) -> None:
    ours = f"{ENTRA}/fabrikam.example/oauth2/v2.0/token"
    assert redeem(aud=[ours]).status_code == 200
    assert error_of(redeem(aud=[ours, "https://login.example/token"])) == ("invalid_client", 700023)
    assert error_of(redeem(aud=[[ours]])) == ("invalid_client", 700023)
    assert error_of(redeem(aud=[])) == ("invalid_client", 700023)


@pytest.mark.parametrize("name", ["iss", "sub"])
@pytest.mark.parametrize("value", [["10000000-0000-4000-8000-00000000000a"], {}, 1, None])
def test_who_an_assertion_is_by_and_about_is_a_text(
    asserting: RelyingParty, signer: Certified, name: str, value: Any
) -> None:
    """PyJWT makes no such assertion, but anybody can."""
    client_id, endpoint = str(asserting.application.pk), f"{ENTRA}/{asserting.segment}/oauth2/v2.0/token"
    claims = {"iss": client_id, "sub": client_id, "aud": endpoint, "exp": time.time() + 60, "jti": "1", name: value}
    header = {"x5t": signer.thumbprint(SHA1, padded=False)}
    made = PyJWS().encode(json.dumps(claims).encode(), signer.key, algorithm="RS256", headers=header)
    fields = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": made}
    response = asserting.token(code=asserting.code(), client_secret=None, **fields)
    assert error_of(response) == ("invalid_client", 700021)


def test_a_signature_by_another_key_is_refused(redeem: Callable[..., Any], stranger: Certified) -> None:
    assert error_of(redeem(key=stranger.key)) == ("invalid_client", 700027)


def test_a_certificate_that_is_not_the_applications_is_refused(redeem: Callable[..., Any], stranger: Certified) -> None:
    header = {"x5t#S256": stranger.thumbprint(SHA256, padded=False)}
    assert error_of(redeem(key=stranger.key, header=header)) == ("invalid_client", 700027)


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_public_key_is_no_password_and_no_signature_none_at_all(redeem: Callable[..., Any], algorithm: str) -> None:
    key: Any = b"k" * 32 if algorithm == "HS256" else None
    assert error_of(redeem(algorithm=algorithm, key=key)) == ("invalid_client", 700027)


def test_an_expired_certificate_is_refused(redeem: Callable[..., Any]) -> None:
    ClientCertificate.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = redeem()
    assert error_of(response) == ("invalid_client", 700027)
    assert "expired" in response.json()["error_description"]


def test_a_certificate_that_is_not_valid_yet_is_refused(
    redeem: Callable[..., Any], application: Application, rsa_pairs: list[Any]
) -> None:
    coming = certified(rsa_pairs[1], begins=timedelta(days=1))
    add_certificate(application=application, pem=coming.pem, description="next month's", actor="a test")
    header = {"x5t": coming.thumbprint(SHA1, padded=False)}
    response = redeem(key=coming.key, header=header)
    assert error_of(response) == ("invalid_client", 700027)
    assert "not valid yet" in response.json()["error_description"]


def test_one_certificate_may_follow_another(
    redeem: Callable[..., Any], application: Application, stranger: Any
) -> None:
    add_certificate(application=application, pem=stranger.pem, description="next", actor="a test")
    header = {"x5t": stranger.thumbprint(SHA1, padded=False)}
    assert redeem(key=stranger.key, header=header).status_code == 200
    assert redeem().status_code == 200


def test_an_assertion_may_be_repeated_as_microsofts_libraries_do(redeem: Callable[..., Any]) -> None:
    assert [redeem(jti="once").status_code for _ in range(2)] == [200, 200]


def test_where_the_registration_says_so_an_assertion_counts_once(
    redeem: Callable[..., Any], application: Application
) -> None:
    Application.objects.update(strict_assertions=True)
    assert redeem(jti="once").status_code == 200
    assert error_of(redeem(jti="once")) == ("invalid_client", 50013)
    assert redeem(jti="twice").status_code == 200


def test_a_forged_assertion_uses_no_name_up(redeem: Callable[..., Any], stranger: Certified) -> None:
    Application.objects.update(strict_assertions=True)
    assert error_of(redeem(jti="once", key=stranger.key)) == ("invalid_client", 700027)
    assert redeem(jti="once").status_code == 200


def test_used_assertions_are_forgotten_when_they_have_expired(redeem: Callable[..., Any]) -> None:
    Application.objects.update(strict_assertions=True)
    redeem()
    call_command("clear_expired")
    assert UsedAssertion.objects.count() == 1
    UsedAssertion.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    call_command("clear_expired")
    assert not UsedAssertion.objects.exists()


def test_a_secret_and_an_assertion_at_once_are_one_too_many(asserting: RelyingParty, signer: Certified) -> None:
    fields = assertion(signer, str(asserting.application.pk), f"{ENTRA}/{asserting.segment}/oauth2/v2.0/token")
    assert error_of(asserting.token(code="x", **fields)) == ("invalid_request", 9002313)


def test_an_unknown_kind_of_assertion_is_refused(asserting: RelyingParty, signer: Certified) -> None:
    fields = assertion(signer, str(asserting.application.pk), f"{ENTRA}/{asserting.segment}/oauth2/v2.0/token")
    fields["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
    assert error_of(asserting.token(code="x", client_secret=None, **fields)) == ("invalid_request", 90023)


def test_the_assertion_names_the_application_where_the_form_does_not(
    asserting: RelyingParty, signer: Certified
) -> None:
    fields = assertion(signer, str(asserting.application.pk), f"{ENTRA}/{asserting.segment}/oauth2/v2.0/token")
    response = asserting.token(code=asserting.code(), client_secret=None, client_id=None, **fields)
    assert response.status_code == 200


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_assertion_is_refused(asserting: RelyingParty, text: str) -> None:
    fields = {
        "client_assertion": text,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    error, code = error_of(asserting.token(code="x", client_secret=None, **fields))
    assert (error, code) in {("invalid_client", 50027), ("invalid_client", 700027), ("invalid_client", 7000218)}


def test_a_public_application_has_no_certificate(asserting: RelyingParty, signer: Certified) -> None:
    Application.objects.update(public=True)
    fields = assertion(signer, str(asserting.application.pk), f"{ENTRA}/{asserting.segment}/oauth2/v2.0/token")
    assert error_of(asserting.token(code="x", client_secret=None, **fields)) == ("invalid_client", 700025)
