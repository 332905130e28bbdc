"""What an answer says, read also where it is not believed: to be shown to administrators, never to sign anybody in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.x509 import load_pem_x509_certificate

from entra.federation.claims import flattened
from entra.federation.control import ALGORITHMS
from entra.federation.errors import AnswerRefused
from entra.federation.missing import Missing, missing_proof
from entra.federation.saml.names import UPN_ATTRIBUTES, saml
from entra.federation.saml.parsing import Element, parse
from entra.federation.saml.signature import signed_assertion


@dataclass(frozen=True)
class Said:
    """`authentic`: signed by the third party, for the very question that it answers."""

    authentic: bool = False
    name: str = ""
    name_id: str = ""
    class_refs: tuple[str, ...] = ()
    claims: Mapping[str, Sequence[str]] = field(default_factory=dict)
    missing: Missing | None = None


def read_assertion(xml: bytes, *, question_id: str, certificates: Iterable[str], accepts_attribute: bool) -> Said:
    """Return what the assertion of a Response says; without one, nothing. Raises AnswerRefused for what is no XML."""
    response = parse(xml)
    try:
        assertion, signed = signed_assertion(response, certificates), True
    except AnswerRefused:
        assertion, signed = next(response.iter(saml("Assertion")), None), False
    if assertion is None:
        return Said(missing=Missing.NO_PROOF)
    attributes: dict[str, list[str]] = {}
    for attribute in assertion.iter(saml("Attribute")):
        attributes.setdefault(attribute.get("Name") or "", []).extend(_texts(attribute, "AttributeValue"))
    name_id = next(iter(_texts(assertion, "NameID")), "")
    upns = [value for name in UPN_ATTRIBUTES for value in attributes.get(name, ())]
    class_refs = _texts(assertion, "AuthnContextClassRef")
    confirmed = {data.get("InResponseTo") for data in assertion.iter(saml("SubjectConfirmationData"))}
    return Said(
        authentic=signed and question_id in confirmed,
        name=next(iter(upns), name_id),
        name_id=name_id,
        class_refs=class_refs,
        claims=attributes,
        missing=missing_proof(class_refs=class_refs, attributes=attributes, accepts_attribute=accepts_attribute),
    )


def read_control_answer(token: str, *, certificate: str) -> Said:
    """Return the claims of a custom control's answer. Raises jwt.PyJWTError for what is no token."""
    key: Any = load_pem_x509_certificate(certificate.encode()).public_key()
    try:
        jwt.decode(token, key, algorithms=ALGORITHMS, options=_SIGNATURE_ALONE)
        authentic = True
    except (jwt.PyJWTError, TypeError, ValueError):
        authentic = False
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    subject = claims.get("sub")
    return Said(
        authentic=authentic,
        name=subject if isinstance(subject, str) else "",
        claims=dict(flattened(claims)),
        missing=Missing.CONTROL_NEVER_COUNTS,
    )


_SIGNATURE_ALONE: Any = {
    f"verify_{name}": False for name in ("exp", "iat", "nbf", "aud", "iss", "sub", "jti")
}  # the other checks are of what is said, not of who said it


def _texts(parent: Element, tag: str) -> tuple[str, ...]:
    return tuple(node.text or "" for node in parent.iter(saml(tag)) if not len(node))
