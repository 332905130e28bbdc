"""A domain is federated over Graph, and managed again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from activity.models import AuditRecord
from entra.directory.models import Domain, DomainAuthentication, Tenant, User
from entra.federation.models import FederatedDomain
from secretstore.certificates import KeyPair, create_certificate
from tests.entra.graph.conftest import VERIFIED, Graph

CONFIGURATION = "domains/wingtip.example/federationConfiguration"
pytestmark = pytest.mark.requirement("V2", "V7")


@pytest.fixture(scope="module")
def pairs() -> list[KeyPair]:
    return [create_certificate(common_name=name) for name in ("first", "second")]


def bare(pair: KeyPair) -> str:
    return "".join(pair.certificate_pem.strip().splitlines()[1:-1])


@pytest.fixture
def wingtip(fabrikam: Tenant) -> Domain:
    return Domain.objects.create(name="wingtip.example", tenant=fabrikam)


@pytest.fixture
def body(pairs: list[KeyPair]) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.internalDomainFederation",
        "issuerUri": "https://idp.example",
        "passiveSignInUri": "https://idp.example/sso",
        "signingCertificate": bare(pairs[0]),
        "preferredAuthenticationProtocol": "saml",
    }


def test_a_managed_domain_is_federated(
    graph: Graph, wingtip: Domain, body: dict[str, Any], pairs: list[KeyPair]
) -> None:
    more = {
        "signOutUri": "https://idp.example/out",
        "nextSigningCertificate": bare(pairs[1]),
        "federatedIdpMfaBehavior": "enforceMfaByFederatedIdp",
        "isSignedAuthenticationRequestRequired": True,
    }
    response = graph("POST", CONFIGURATION, body | more)
    assert response.status_code == 201, response.content
    made = response.json()
    assert made.items() >= (body | more).items()
    assert graph.get(CONFIGURATION).json() == {"value": [made]}
    assert graph.get("domains/wingtip.example").json()["authenticationType"] == "Federated"
    assert FederatedDomain.objects.get().certificates == tuple(pair.certificate_pem for pair in pairs)
    assert AuditRecord.objects.filter(action="federation.domain.federated").exists()


def test_a_domain_is_federated_once(graph: Graph, wingtip: Domain, body: dict[str, Any]) -> None:
    assert graph("POST", CONFIGURATION, body).status_code == 201
    again = graph("POST", CONFIGURATION, body | {"issuerUri": "https://other.example"})
    assert again.status_code == 409
    assert FederatedDomain.objects.get().issuer_uri == "https://idp.example"


@pytest.mark.parametrize("missing", ["issuerUri", "passiveSignInUri", "signingCertificate"])
def test_what_a_federation_cannot_do_without_is_named(
    graph: Graph, wingtip: Domain, body: dict[str, Any], missing: str
) -> None:
    del body[missing]
    response = graph("POST", CONFIGURATION, body)
    assert response.status_code == 400
    assert f"'{missing}'" in response.json()["error"]["message"]
    assert not FederatedDomain.objects.exists()


def test_a_federation_ends(graph: Graph, grace: User, wingtip: Domain, body: dict[str, Any]) -> None:
    made = graph("POST", CONFIGURATION, body).json()
    other = "c0000000-0000-4000-8000-00000000dead"
    assert graph("DELETE", f"{CONFIGURATION}/{other}").status_code == 404
    assert graph("DELETE", f"{CONFIGURATION}/{made['id']}").status_code == 204
    assert graph.get(CONFIGURATION).json() == {"value": []}
    assert graph.get("domains/wingtip.example").json()["authenticationType"] == "Managed"
    assert AuditRecord.objects.get(action="federation.domain.managed").actor == str(grace.pk)
    assert graph("DELETE", f"{CONFIGURATION}/{made['id']}").status_code == 404


def test_the_last_administrator_is_not_left_without_a_password(
    graph: Graph, grace: User, fabrikam: Tenant, body: dict[str, Any]
) -> None:
    User.objects.filter(pk=grace.pk).update(password=make_password(None))
    own = "domains/fabrikam.example/federationConfiguration"
    # Nobody could sign in before either, so that it may be changed freely; afterwards the provider signs her in.
    made = graph("POST", own, body).json()
    refused = graph("DELETE", f"{own}/{made['id']}")
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "Lockout_Prevented"
    assert Domain.objects.get().authentication == DomainAuthentication.FEDERATED
    assert graph.get(own).json() == {"value": [made]}


def test_only_a_global_administrator_who_verified_may(
    graph_as: Callable[..., Graph], graph: Graph, grace: User, john: User, wingtip: Domain, body: dict[str, Any]
) -> None:
    john.role_assignments.create(role="194ae4cb-b126-40b2-bd5b-6091b380977d")
    refused = (graph_as(john, *VERIFIED), graph_as(grace), graph_as(grace, *VERIFIED, scope="Domain.Read.All"))
    for one in refused:
        assert one("POST", CONFIGURATION, body).status_code == 403
    made = graph("POST", CONFIGURATION, body).json()
    for one in refused:
        assert one("DELETE", f"{CONFIGURATION}/{made['id']}").status_code == 403
    assert FederatedDomain.objects.exists()


def test_another_tenants_domain_is_not_there(graph: Graph, contoso: Tenant, body: dict[str, Any]) -> None:
    theirs = "domains/contoso.example/federationConfiguration"
    assert graph("POST", theirs, body).status_code == 404
    assert graph("DELETE", f"{theirs}/c0000000-0000-4000-8000-00000000dead").status_code == 404
