"""Domains, and how a federated one signs people in (V7, V8)."""

import base64
import binascii
import uuid
from http import HTTPStatus
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet

from entra.apps.permissions import GraphPermission as P
from entra.directory.models import Domain, DomainAuthentication
from entra.federation.administration import (
    Provider,
    change_federation,
    federate_domain,
    set_next_certificate,
    unfederate_domain,
)
from entra.federation.models import FederatedDomain, MfaBehavior
from entra.graph.bodies import Part, guarded
from entra.graph.errors import GraphError
from entra.graph.operation import Answer, Call, Need, Operation

READ = frozenset({P.DOMAIN_READ_ALL, P.DOMAIN_READ_WRITE_ALL})
WRITE = frozenset({P.DOMAIN_READ_WRITE_ALL})
_ADDRESSES = {"passiveSignInUri": "passive_sign_in_uri", "signOutUri": "sign_out_uri"}
_CERTIFICATES = {"signingCertificate": "signing_certificate", "nextSigningCertificate": "next_signing_certificate"}
_BEHAVIORS = {behavior.value: behavior for behavior in MfaBehavior}
_IS_ADDRESS = URLValidator(schemes=["http", "https"])


def domain_shape(domain: Domain) -> dict[str, Any]:
    federated = domain.authentication == DomainAuthentication.FEDERATED
    return {
        "id": domain.name,
        "authenticationType": "Federated" if federated else "Managed",
        "isDefault": domain.is_default,
        "isVerified": True,
    }


def federation_id(federated: FederatedDomain) -> str:
    """A domain has one federation at most; its id follows from the domain's name."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, federated.domain_id))


def federation_shape(federated: FederatedDomain) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.internalDomainFederation",
        "id": federation_id(federated),
        "displayName": federated.domain_id,
        "issuerUri": federated.issuer_uri,
        "passiveSignInUri": federated.passive_sign_in_uri,
        "signOutUri": federated.sign_out_uri or None,
        "signingCertificate": _bare(federated.signing_certificate),
        "nextSigningCertificate": _bare(federated.next_signing_certificate) or None,
        "preferredAuthenticationProtocol": "saml",
        "federatedIdpMfaBehavior": federated.federated_idp_mfa_behavior,
        "isSignedAuthenticationRequestRequired": federated.is_signed_authentication_request_required,
    }


def _bare(pem: str) -> str:
    """The certificate as Graph writes it: base64 without the armour."""
    return "".join(line for line in pem.splitlines() if line and not line.startswith("-"))


def _domains(call: Call) -> "QuerySet[Domain]":
    return Domain.objects.filter(tenant=call.caller.tenant).order_by("name")


def _domain(call: Call) -> Domain:
    domain = _domains(call).filter(name=call.parts["domain"].lower()).first()
    if domain is None:
        raise GraphError.not_found(call.parts["domain"])
    return domain


def _federation(call: Call) -> FederatedDomain:
    federated = FederatedDomain.objects.select_related("domain__tenant").filter(domain=_domain(call)).first()
    wanted = call.parts.get("federation")
    if federated is None or wanted not in {None, federation_id(federated)}:
        raise GraphError.not_found(str(wanted or call.parts["domain"]))
    return federated


def list_domains(call: Call) -> Answer:
    return {"value": [domain_shape(domain) for domain in _domains(call)]}


def get_domain(call: Call) -> Answer:
    return domain_shape(_domain(call))


def list_federations(call: Call) -> Answer:
    found = FederatedDomain.objects.filter(domain=_domain(call))
    return {"value": [federation_shape(federated) for federated in found]}


def get_federation(call: Call) -> Answer:
    return federation_shape(_federation(call))


def change(call: Call) -> Answer:
    federated = _federation(call)
    facts = _facts(Part(call.body()))
    with guarded(call.caller.tenant):
        change_federation(federated=federated, actor=call.caller.actor, **facts)
    return None


def create(call: Call) -> Answer:
    domain, body = _domain(call), Part(call.body())
    if FederatedDomain.objects.filter(domain=domain).exists():
        raise GraphError.conflict(f"'{domain.name}' is federated already.")
    for name in ("issuerUri", "passiveSignInUri", "signingCertificate"):
        body.text(name, longest=20_000)
    facts = _facts(body)
    with guarded(call.caller.tenant):
        federated = federate_domain(
            domain=domain,
            provider=Provider(
                facts.pop("issuer_uri"),
                facts.pop("passive_sign_in_uri"),
                facts.pop("signing_certificate"),
                facts.pop("sign_out_uri", ""),
            ),
            mfa_behavior=facts.pop("federated_idp_mfa_behavior", MfaBehavior.ACCEPT),
            signed_requests=facts.pop("is_signed_authentication_request_required", False),
            actor=call.caller.actor,
        )
        if next_certificate := facts.pop("next_signing_certificate", ""):
            set_next_certificate(federated=federated, certificate=next_certificate, actor=call.caller.actor)
            federated.refresh_from_db()
    return federation_shape(federated)


def end(call: Call) -> Answer:
    domain = _federation(call).domain
    with guarded(call.caller.tenant):
        unfederate_domain(domain=domain, actor=call.caller.actor)
    return None


def _facts(body: Part) -> dict[str, Any]:
    body.refuse_others(
        (
            *("id", "displayName", "issuerUri", "federatedIdpMfaBehavior", "isSignedAuthenticationRequestRequired"),
            *("preferredAuthenticationProtocol", *_ADDRESSES, *_CERTIFICATES),
        )
    )
    facts: dict[str, Any] = {}
    if body.values.get("preferredAuthenticationProtocol", "saml") != "saml":
        raise GraphError.bad_request("'preferredAuthenticationProtocol' has to be saml.")
    if "issuerUri" in body.values:
        facts["issuer_uri"] = body.text("issuerUri", longest=300)
    for name, field in _ADDRESSES.items():
        if name in body.values:
            facts[field] = _address(body, name)
    for name, field in _CERTIFICATES.items():
        if name in body.values:
            facts[field] = _certificate(body, name)
    if "federatedIdpMfaBehavior" in body.values:
        facts["federated_idp_mfa_behavior"] = body.choice("federatedIdpMfaBehavior", _BEHAVIORS)
    if "isSignedAuthenticationRequestRequired" in body.values:
        facts["is_signed_authentication_request_required"] = body.boolean("isSignedAuthenticationRequestRequired")
    return facts


def _address(body: Part, name: str) -> str:
    if body.values[name] is None and name == "signOutUri":
        return ""
    address = body.text(name)
    try:
        _IS_ADDRESS(address)
    except ValidationError as error:
        raise GraphError.bad_request(f"'{name}' has to be an http or https address.") from error
    return address


def _certificate(body: Part, name: str) -> str:
    """PEM or bare base64, kept as PEM. An empty next certificate ends the change of certificates."""
    if body.values[name] is None and name == "nextSigningCertificate":
        return ""
    text = body.text(name, longest=20_000)
    try:
        if text.startswith("-"):
            found = load_pem_x509_certificate(text.encode())
        else:
            found = load_der_x509_certificate(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error) as error:
        raise GraphError.bad_request(f"'{name}' is not an X.509 certificate.") from error
    return found.public_bytes(Encoding.PEM).decode()


_ONE = "domains/<str:domain>"
_FEDERATION = f"{_ONE}/federationConfiguration"
OPERATIONS = [
    Operation("GET", "domains", list_domains, READ),
    Operation("GET", _ONE, get_domain, READ),
    Operation("GET", _FEDERATION, list_federations, READ, Need.SECURITY),
    Operation("POST", _FEDERATION, create, WRITE, Need.GLOBAL, mfa=True, status=HTTPStatus.CREATED),
    Operation("PATCH", _FEDERATION, change, WRITE, Need.GLOBAL, mfa=True),
    Operation("GET", f"{_FEDERATION}/<str:federation>", get_federation, READ, Need.SECURITY),
    Operation("PATCH", f"{_FEDERATION}/<str:federation>", change, WRITE, Need.GLOBAL, mfa=True),
    Operation("DELETE", f"{_FEDERATION}/<str:federation>", end, WRITE, Need.GLOBAL, mfa=True),
]
