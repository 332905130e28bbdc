"""Config OP: the metadata documents, and what Entra clients expect of them."""

import pytest
from django.test import Client

from entra.directory.models import Tenant

BASE = "http://localhost:8001"


def test_oidcc_discovery_endpoint_verification(client: Client, fabrikam: Tenant) -> None:
    found = client.get(f"/{fabrikam.pk}/v2.0/.well-known/openid-configuration").json()
    assert found["issuer"] == f"{BASE}/{fabrikam.pk}/v2.0"
    assert found["authorization_endpoint"] == f"{BASE}/{fabrikam.pk}/oauth2/v2.0/authorize"
    assert found["token_endpoint"] == f"{BASE}/{fabrikam.pk}/oauth2/v2.0/token"
    assert found["jwks_uri"] == f"{BASE}/{fabrikam.pk}/discovery/v2.0/keys"
    assert found["userinfo_endpoint"] == f"{BASE}/oidc/userinfo"
    assert found["response_types_supported"] == ["code"]
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["claims_parameter_supported"] is True
    assert found["request_parameter_supported"] is False
    assert found["authorization_response_iss_parameter_supported"] is True
    for key in client.get(found["jwks_uri"].removeprefix(BASE)).json()["keys"]:
        assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(client: Client, fabrikam: Tenant) -> None:
    found = client.get(f"/{fabrikam.pk}/v2.0/.well-known/openid-configuration").json()
    assert found["end_session_endpoint"] == f"{BASE}/{fabrikam.pk}/oauth2/v2.0/logout"


def test_oidcc_backchannel_logout_discovery_endpoint_verification(client: Client, fabrikam: Tenant) -> None:
    found = client.get(f"/{fabrikam.pk}/v2.0/.well-known/openid-configuration").json()
    assert found["backchannel_logout_supported"] is True
    assert found["backchannel_logout_session_supported"] is True


def test_a_tenant_is_found_by_its_domain_too_and_is_named_by_its_id(client: Client, fabrikam: Tenant) -> None:
    found = client.get("/fabrikam.example/v2.0/.well-known/openid-configuration").json()
    assert found["issuer"] == f"{BASE}/{fabrikam.pk}/v2.0"


@pytest.mark.parametrize("segment", ["common", "organizations"])
def test_common_has_a_template_for_an_issuer(client: Client, db: None, segment: str) -> None:
    found = client.get(f"/{segment}/v2.0/.well-known/openid-configuration").json()
    assert found["issuer"] == f"{BASE}/{{tenantid}}/v2.0"
    assert found["token_endpoint"] == f"{BASE}/{segment}/oauth2/v2.0/token"


def test_the_v1_issuer_ends_in_a_slash(client: Client, fabrikam: Tenant) -> None:
    found = client.get(f"/{fabrikam.pk}/.well-known/openid-configuration").json()
    assert found["issuer"] == f"{BASE}/{fabrikam.pk}/"
    assert found["authorization_endpoint"] == f"{BASE}/{fabrikam.pk}/oauth2/authorize"


@pytest.mark.parametrize("segment", ["nowhere.example", "11111111-1111-4111-8111-111111111111"])
def test_an_unknown_tenant_is_90002(client: Client, db: None, segment: str) -> None:
    response = client.get(f"/{segment}/v2.0/.well-known/openid-configuration")
    assert (response.status_code, response.json()["error_codes"]) == (400, [90002])
