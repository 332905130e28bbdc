"""The token endpoint: client authentication, Entra-shaped errors, what tokens say."""

import base64
import json
import uuid
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.utils import timezone

from entra.apps.models import Application, ClientSecret
from entra.directory.models import DirectoryRole, Group, GroupMembership, GroupNesting, RoleAssignment, Tenant, User
from entra.signin.method import Method
from tests.entra.conftest import ESSENTIAL_MFA, REDIRECT_URI, RelyingParty, make_user
from tests.entra.oauth.conftest import error_of


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


@pytest.mark.parametrize(
    ("fields", "status", "error", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": None}, 401, "invalid_client", 7000218),
        ({"client_id": None}, 400, "invalid_request", 900144),
        ({"client_id": "11111111-1111-4111-8111-111111111111"}, 401, "invalid_client", 700016),
        ({"grant_type": None}, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, 400, "invalid_request", 900144),
        ({"grant_type": "client_credentials"}, 400, "invalid_request", 900144),
        ({"code": None}, 400, "invalid_request", 900144),
    ],
)
def test_what_is_wrong_with_a_request_is_said(
    signed_in_rp: RelyingParty, fields: dict[str, str | None], status: int, error: str, code: int
) -> None:
    response = signed_in_rp.token(**{"code": "x", **fields})
    assert (response.status_code, response.json()["error"], response.json()["error_codes"]) == (status, error, [code])


def test_an_expired_secret_is_told_from_a_wrong_one(signed_in_rp: RelyingParty) -> None:
    ClientSecret.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert error_of(signed_in_rp.token(code="x")) == ("invalid_client", 7000222)


def test_a_public_client_must_not_send_a_secret(signed_in_rp: RelyingParty, application: Application) -> None:
    application.public = True
    application.save()
    response = signed_in_rp.token(code=signed_in_rp.code())
    assert (response.json()["error"], response.json()["error_codes"]) == ("invalid_client", [700025])


def test_a_wrong_basic_secret_is_answered_with_a_challenge(signed_in_rp: RelyingParty) -> None:
    response = signed_in_rp.browser.post(
        f"/{signed_in_rp.segment}/oauth2/v2.0/token",
        {"grant_type": "authorization_code", "code": "x"},
        HTTP_AUTHORIZATION=basic(str(signed_in_rp.application.pk), "wrong"),
    )
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Basic")


def test_one_way_of_client_authentication_at_a_time(signed_in_rp: RelyingParty) -> None:
    response = signed_in_rp.browser.post(
        f"/{signed_in_rp.segment}/oauth2/v2.0/token",
        {"grant_type": "authorization_code", "code": "x", "client_secret": "y"},
        HTTP_AUTHORIZATION=basic(str(signed_in_rp.application.pk), "y"),
    )
    assert response.json()["error"] == "invalid_request"


def test_an_error_body_carries_what_support_asks_for(signed_in_rp: RelyingParty) -> None:
    correlation = str(uuid.uuid4())
    response = signed_in_rp.browser.post(
        f"/{signed_in_rp.segment}/oauth2/v2.0/token", {"client_id": "x"}, HTTP_CLIENT_REQUEST_ID=correlation
    )
    body = response.json()
    assert body["correlation_id"] == correlation
    assert response["client-request-id"] == correlation
    assert body["error_description"].startswith("AADSTS700016: ")
    assert f"Correlation ID: {correlation}\r\nTimestamp: " in body["error_description"]
    assert body["error_uri"] == "http://localhost:8001/error?code=700016"
    assert uuid.UUID(body["trace_id"])


def test_client_info_names_user_and_tenant(signed_in_rp: RelyingParty, john: User) -> None:
    answer = signed_in_rp.answer(client_info="1")
    tokens = signed_in_rp.token(code=answer["code"], client_info="1").json()
    for text in (answer["client_info"], tokens["client_info"]):
        said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        assert said == {"uid": str(john.pk), "utid": str(john.tenant_id)}
    assert "client_info" not in signed_in_rp.answer()


def test_client_info_names_a_guest_by_the_home_account(signed_in_rp: RelyingParty, john: User, contoso: Tenant) -> None:
    """Client libraries find one person by it at every tenant visited."""
    make_user(contoso, "john_fabrikam.example#ext#", home_account=john, user_type="Guest")
    signed_in_rp.segment = str(contoso.pk)
    answer = signed_in_rp.answer(client_info="1")
    body = signed_in_rp.token(code=answer["code"], client_info="1").json()
    for told in (answer["client_info"], body["client_info"]):
        said = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
        assert said == {"uid": str(john.pk), "utid": str(john.tenant_id)}


def test_no_refresh_token_without_offline_access(signed_in_rp: RelyingParty) -> None:
    assert "refresh_token" not in signed_in_rp.tokens(scope="openid")


def test_no_id_token_without_openid(signed_in_rp: RelyingParty) -> None:
    assert "id_token" not in signed_in_rp.tokens(scope="User.Read")


def test_every_application_knows_a_person_by_another_sub(signed_in_rp: RelyingParty, fabrikam: Tenant) -> None:
    first = signed_in_rp.id_claims(signed_in_rp.tokens()["id_token"])
    other = Application.objects.create(
        tenant=fabrikam, name="Other", redirect_uris=[REDIRECT_URI], public=True, preauthorized=True
    )
    rp = RelyingParty(signed_in_rp.browser, other, signed_in_rp.segment)
    second = rp.id_claims(rp.token(code=rp.code(), client_secret=None).json()["id_token"])
    assert first["oid"] == second["oid"]
    assert first["sub"] != second["sub"]


@pytest.mark.requirement("M21")
def test_groups_are_told_with_nesting_and_directory_roles_by_template(signed_in_rp: RelyingParty, john: User) -> None:
    inner = Group.objects.create(tenant=john.tenant, display_name="Night shift")
    outer = Group.objects.create(tenant=john.tenant, display_name="AdminAgents")
    GroupMembership.objects.create(group=inner, user=john)
    GroupNesting.objects.create(outer=outer, inner=inner)
    RoleAssignment.objects.create(user=john, role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    claims = signed_in_rp.id_claims(signed_in_rp.tokens()["id_token"])
    assert set(claims["groups"]) == {str(inner.pk), str(outer.pk)}
    assert claims["wids"] == ["62e90394-69f5-4237-9190-012177145e10"]
    assert claims["acct"] == 0


@pytest.mark.requirement("M15")
def test_a_guest_is_named_by_the_resource_tenant_and_keeps_the_home_name(
    signed_in_rp: RelyingParty, contoso: Tenant, john: User
) -> None:
    guest = make_user(contoso, "john_fabrikam.example#ext#", home_account=john, user_type="Guest")
    signed_in_rp.segment = str(contoso.pk)
    claims = signed_in_rp.id_claims(signed_in_rp.tokens()["id_token"])
    assert (claims["tid"], claims["oid"], claims["acct"]) == (str(contoso.pk), str(guest.pk), 1)
    assert claims["iss"] == f"http://localhost:8001/{contoso.pk}/v2.0"
    assert claims["preferred_username"] == "john@fabrikam.example"


@pytest.mark.parametrize("segment", ["common", "organizations", "fabrikam.example"])
def test_the_token_is_of_the_home_tenant_at_common(signed_in_rp: RelyingParty, john: User, segment: str) -> None:
    signed_in_rp.segment = segment
    tokens = signed_in_rp.tokens()
    signed_in_rp.segment = str(john.tenant_id)
    assert signed_in_rp.id_claims(tokens["id_token"])["tid"] == str(john.tenant_id)


def test_a_single_tenant_application_is_not_answered_at_common(
    signed_in_rp: RelyingParty, application: Application, contoso: Tenant
) -> None:
    application.multi_tenant = False
    application.save()
    for segment, code in (("common", "AADSTS50194"), (str(contoso.pk), "AADSTS700016")):
        signed_in_rp.segment = segment
        response = signed_in_rp.authorize()
        assert response.status_code == 400
        assert code in response.content.decode()
    signed_in_rp.segment = str(application.tenant_id)
    assert "code" in signed_in_rp.answer()


@pytest.mark.requirement("V6")
def test_evidence_is_told_in_v2_id_tokens(signed_in_rp: RelyingParty, john: User, sign_in: Any) -> None:
    sign_in(signed_in_rp.browser, john, Method.AUTHENTICATOR_APP)
    claims = signed_in_rp.id_claims(signed_in_rp.tokens(claims=ESSENTIAL_MFA)["id_token"])
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    assert claims["acr"] == "2"


def test_a_strict_tenant_tells_no_evidence_in_v2_but_answers_contexts(
    signed_in_rp: RelyingParty, john: User, sign_in: Any
) -> None:
    Tenant.objects.filter(pk=john.tenant_id).update(strict_entra_tokens=True)
    sign_in(signed_in_rp.browser, john, Method.AUTHENTICATOR_APP)
    wanted = '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}'
    claims = signed_in_rp.id_claims(signed_in_rp.tokens(claims=wanted)["id_token"])
    assert not {"amr", "acr", "auth_time"} & set(claims)
    assert claims["acrs"] == ["c1"]


@pytest.fixture
def v1_rp(signed_in_rp: RelyingParty) -> RelyingParty:
    return RelyingParty(signed_in_rp.browser, signed_in_rp.application, signed_in_rp.segment, version="1.0")


def test_v1_id_tokens_carry_amr_and_the_v1_issuer(v1_rp: RelyingParty, john: User, sign_in: Any) -> None:
    sign_in(v1_rp.browser, john, Method.AUTHENTICATOR_APP)
    Tenant.objects.filter(pk=john.tenant_id).update(strict_entra_tokens=True)
    response = v1_rp.tokens(scope=None, amr_values="mfa", resource="https://graph.microsoft.com")
    claims = v1_rp.id_claims(response["id_token"])
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    assert claims["iss"] == f"http://localhost:8001/{v1_rp.segment}/"
    assert (claims["ver"], claims["upn"], claims["unique_name"]) == (
        "1.0",
        "john@fabrikam.example",
        "john@fabrikam.example",
    )
    assert (response["resource"], response["expires_in"]) == ("https://graph.microsoft.com", "3900")


def test_a_v1_access_token_names_client_and_person_in_the_v1_way(v1_rp: RelyingParty, john: User, sign_in: Any) -> None:
    sign_in(v1_rp.browser, john, Method.AUTHENTICATOR_APP)
    response = v1_rp.tokens()
    claims = jwt.decode(response["access_token"], options={"verify_signature": False})
    assert (claims["appid"], claims["appidacr"], claims["acr"]) == (str(v1_rp.application.pk), "1", "1")
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    assert (claims["upn"], claims["unique_name"]) == ("john@fabrikam.example", "john@fabrikam.example")
    assert (claims["given_name"], claims["family_name"], claims["ver"]) == ("John", "Example", "1.0")
    assert not {"azp", "azpacr", "preferred_username"} & set(claims)
    assert (response["not_before"], response["expires_on"]) == (str(claims["nbf"]), str(claims["exp"]))


def test_a_v2_access_token_names_the_client_and_no_evidence(signed_in_rp: RelyingParty) -> None:
    claims = jwt.decode(signed_in_rp.tokens()["access_token"], options={"verify_signature": False})
    assert (claims["azp"], claims["azpacr"], claims["ver"]) == (str(signed_in_rp.application.pk), "1", "2.0")
    assert claims["preferred_username"] == "john@fabrikam.example"
    assert not {"appid", "appidacr", "acr", "amr", "upn"} & set(claims)


@pytest.mark.parametrize("value", ["mfa", "ngcmfa"])
def test_amr_values_is_a_demand_in_v1_and_unsupported_in_v2(
    v1_rp: RelyingParty, signed_in_rp: RelyingParty, value: str
) -> None:
    assert v1_rp.authorize(amr_values=value)["Location"].endswith("/register")
    assert v1_rp.answer(amr_values=value, prompt="none")["error"] == "interaction_required"
    assert signed_in_rp.answer(amr_values=value)["error_description"].startswith("AADSTS901002")
