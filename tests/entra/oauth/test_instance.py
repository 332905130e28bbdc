"""What Microsoft's client libraries look up before they sign in."""

import pytest
from django.test import Client

from entra.directory.models import Tenant
from tests.entra.conftest import RelyingParty

HERE = "http://localhost:8001"


def test_the_provider_is_an_instance_of_its_own(client: Client, fabrikam: Tenant) -> None:
    asked = {"api-version": "1.1", "authorization_endpoint": f"{HERE}/{fabrikam.pk}/oauth2/v2.0/authorize"}
    answer = client.get("/common/discovery/instance", asked).json()
    assert answer["tenant_discovery_endpoint"] == f"{HERE}/{fabrikam.pk}/v2.0/.well-known/openid-configuration"
    assert answer["metadata"] == [
        {"preferred_network": "localhost:8001", "preferred_cache": "localhost:8001", "aliases": ["localhost:8001"]}
    ]


@pytest.mark.parametrize("address", ["", "https://login.example/common/oauth2/v2.0/authorize", "http://[", "x"])
def test_no_other_instance_is_vouched_for(client: Client, db: None, address: str) -> None:
    response = client.get("/common/discovery/instance", {"authorization_endpoint": address})
    assert (response.status_code, response.json()["error"]) == (400, "invalid_instance")
    assert response.json()["error_codes"] == [50049]


@pytest.mark.parametrize("path", ["userrealm", "UserRealm"])
def test_a_realm_is_told_by_the_domain_alone(client: Client, fabrikam: Tenant, path: str) -> None:
    for name in ("john@fabrikam.example", "nobody-at-all@fabrikam.example"):
        answer = client.get(f"/common/{path}/{name}", {"api-version": "1.0"}).json()
        assert answer == {
            "ver": "1.0",
            "account_type": "Managed",
            "domain_name": "fabrikam.example",
            "cloud_instance_name": "localhost:8001",
        }
    assert client.get(f"/common/{path}/x@nowhere.example").json()["account_type"] == "Unknown"


@pytest.mark.parametrize(("version", "prefix"), [("v2.0/", "oauth2/v2.0"), ("", "oauth2")])
def test_the_metadata_names_the_endpoint_for_devices(rp: RelyingParty, version: str, prefix: str) -> None:
    document = rp.browser.get(f"/{rp.segment}/{version}.well-known/openid-configuration").json()
    assert document["device_authorization_endpoint"] == f"{HERE}/{rp.segment}/{prefix}/devicecode"
    assert document["token_endpoint"].replace("/token", "/devicecode") == document["device_authorization_endpoint"]
    assert {"client_credentials", "urn:ietf:params:oauth:grant-type:device_code"} <= set(
        document["grant_types_supported"]
    )
    assert "private_key_jwt" in document["token_endpoint_auth_methods_supported"]
