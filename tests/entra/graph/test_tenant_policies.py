"""Security defaults, the methods policy, domains and their federation over Graph."""

from collections.abc import Callable
from typing import Any

import pytest

from activity.models import AuditRecord
from entra.directory.models import Tenant, User
from entra.federation.administration import Provider, federate_domain
from entra.federation.models import FederatedDomain, MfaBehavior
from entra.keys.services import generate_private_key
from entra.policy.models import SecurityDefaults
from entra.policy.services import allowed_methods
from tests.entra.graph.conftest import Graph

DEFAULTS = "policies/identitySecurityDefaultsEnforcementPolicy"
METHODS = "policies/authenticationMethodsPolicy"
METHOD = f"{METHODS}/authenticationMethodConfigurations"
FEDERATION = "domains/fabrikam.example/federationConfiguration"


def test_security_defaults_are_switched(graph: Graph, fabrikam: Tenant, grace: User) -> None:
    assert graph.get(DEFAULTS).json()["isEnabled"] is False
    assert graph("PATCH", DEFAULTS, {"isEnabled": True}).status_code == 204
    assert graph.get(DEFAULTS).json()["isEnabled"] is True
    assert SecurityDefaults.objects.filter(tenant=fabrikam).exists()
    assert AuditRecord.objects.get(action="policy.securityDefaults.changed").actor == str(grace.pk)
    assert graph("PATCH", DEFAULTS, {"isEnabled": False}).status_code == 204
    assert not SecurityDefaults.objects.exists()


def test_methods_are_allowed_one_by_one(graph: Graph, fabrikam: Tenant) -> None:
    def states() -> dict[str, str]:
        found = graph.get(METHODS).json()["authenticationMethodConfigurations"]
        return {one["id"]: one["state"] for one in found}

    assert states() == {"Fido2": "enabled", "SoftwareOath": "enabled", "HardwareOath": "enabled"}
    assert graph("PATCH", f"{METHOD}/fido2", {"state": "disabled"}).status_code == 204
    assert states() == {"Fido2": "disabled", "SoftwareOath": "enabled", "HardwareOath": "enabled"}
    assert graph.get(f"{METHOD}/Fido2").json()["state"] == "disabled"
    assert allowed_methods(fabrikam) == {"authenticatorApp", "hardwareToken", "recoveryCode"}
    graph("PATCH", f"{METHOD}/SoftwareOath", {"state": "disabled"})
    graph("PATCH", f"{METHOD}/HardwareOath", {"state": "disabled"})
    assert allowed_methods(fabrikam) == set()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (DEFAULTS, {"isEnabled": "yes"}, 400),
        (DEFAULTS, {}, 400),
        (DEFAULTS, {"isEnabled": True, "other": 1}, 400),
        (f"{METHOD}/Fido2", {"state": "on"}, 400),
        (f"{METHOD}/Fido2", {"state": "enabled", "isAttestationEnforced": True}, 400),
        (f"{METHOD}/Sms", {"state": "enabled"}, 404),
    ],
)
def test_what_cannot_be_kept_is_refused(graph: Graph, path: str, body: dict[str, Any], status: int) -> None:
    assert graph("PATCH", path, body).status_code == status


@pytest.fixture
def certificate() -> str:
    return _certificate()


def _certificate() -> str:
    """A certificate as Graph writes it."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    key = generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "wingtip")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    pem = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    return "".join(pem.splitlines()[1:-1])


@pytest.fixture
def federated(graph: Graph, fabrikam: Tenant) -> FederatedDomain:
    """Federated after the administrator signed in with a password."""
    return federate_domain(
        domain=fabrikam.domains.get(),
        provider=Provider("wingtip", "https://wingtip.example/saml", "-----BEGIN\nAAAA\n-----END\n"),
        mfa_behavior=MfaBehavior.ACCEPT,
        signed_requests=True,
        actor="test",
    )


def test_domains_say_how_they_sign_in(graph: Graph, federated: FederatedDomain, contoso: Tenant) -> None:
    expected = {
        "id": "fabrikam.example",
        "authenticationType": "Federated",
        "isDefault": True,
        "isVerified": True,
    }
    assert graph.get("domains").json() == {"value": [expected]}
    assert graph.get("domains/Fabrikam.example").json() == expected
    assert graph.get("domains/contoso.example").status_code == 404


def test_a_federation_is_read_and_changed(graph: Graph, federated: FederatedDomain, certificate: str) -> None:
    (found,) = graph.get(FEDERATION).json()["value"]
    assert found["signingCertificate"] == "AAAA"
    assert (found["issuerUri"], found["nextSigningCertificate"]) == ("wingtip", None)
    assert found["federatedIdpMfaBehavior"] == "acceptIfMfaDoneByFederatedIdp"
    path = f"{FEDERATION}/{found['id']}"
    changes = {
        "federatedIdpMfaBehavior": "enforceMfaByFederatedIdp",
        "nextSigningCertificate": certificate,
        "passiveSignInUri": "https://wingtip.example/new",
    }
    assert graph("PATCH", path, changes).status_code == 204
    changed = graph.get(path).json()
    assert changed == found | changes
    federated.refresh_from_db()
    assert federated.next_signing_certificate.startswith("-----BEGIN CERTIFICATE-----")
    record = AuditRecord.objects.get(action="federation.domain.changed")
    assert record.detail["next_signing_certificate"] == "changed"
    assert graph("PATCH", FEDERATION, {"nextSigningCertificate": None}).status_code == 204
    assert graph.get(path).json()["nextSigningCertificate"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"federatedIdpMfaBehavior": "trustEverything"},
        {"signingCertificate": "AAAA"},
        {"signingCertificate": None},
        {"passiveSignInUri": "javascript:alert(1)"},
        {"preferredAuthenticationProtocol": "wsFed"},
        {"issuerUri": ""},
        {"promptLoginBehavior": "disabled"},
    ],
)
def test_a_federation_that_is_none_is_refused(graph: Graph, federated: FederatedDomain, changes: Any) -> None:
    assert graph("PATCH", FEDERATION, changes).status_code == 400


def test_a_managed_domain_and_another_federation_are_not_found(graph: Graph, federated: FederatedDomain) -> None:
    other = "c0000000-0000-4000-8000-00000000dead"
    assert graph.get(f"{FEDERATION}/{other}").status_code == 404
    federated.delete()
    assert graph.get(FEDERATION).json() == {"value": []}
    assert graph("PATCH", FEDERATION, {}).status_code == 404


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        (DEFAULTS, "Policy.Read.All"),
        (METHODS, "Policy.Read.All"),
        (f"{METHOD}/Fido2", "Policy.Read.All"),
        (FEDERATION, "Domain.Read.All"),
    ],
)
def test_who_may(graph_as: Callable[..., Graph], grace: User, john: User, path: str, scope: str) -> None:
    reader = graph_as(grace, scope=scope)
    assert reader.get(path).status_code == 200
    if path != METHODS:
        assert reader("PATCH", path, {}).status_code == 403
        assert Graph(reader.client, "")("PATCH", path, {}).status_code == 401
    assert graph_as(grace, scope="User.Read.All").get(path).status_code == 403
    assert graph_as(john).get(path).status_code == 403
    assert Graph(reader.client, "").get(path).status_code == 401
