"""Builds signed SAML Responses (saml-profiles-2.0-os 4.1.4.2)."""

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from lxml import etree
from signxml.signer import XMLSigner

from examples.wingtip import own
from examples.wingtip.asked import MULTIPLE_AUTHN, SAML, SAMLP, Asked
from examples.wingtip.people import Person
from examples.wingtip.service import Service
from examples.wingtip.switches import Relay

NSMAP = {"samlp": SAMLP[1:-1], "saml": SAML[1:-1]}
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences"
ATTRIBUTES = {
    Relay.ATTRIBUTE: (METHODS, MULTIPLE_AUTHN),
    Relay.SHORT_ATTRIBUTE: ("authenticationmethodsreferences", "multipleauthn"),
}
LIFETIME = timedelta(minutes=5)
DS = "http://www.w3.org/2000/09/xmldsig#"
Element = etree._Element


def signed_in(asked: Asked, service: Service, person: Person, *, at: datetime, mfa: bool, relay: Relay) -> bytes:
    """Return the Response that says who signed in; the proof of MFA goes with it as `relay` says."""
    response = _response(asked, service, f"{STATUS}Success")
    response.append(_signed(_assertion(asked, service, person, at=at, proof=relay if mfa else Relay.NOT)))
    return bytes(etree.tostring(response))


def declined(asked: Asked, service: Service, *, reason: str) -> bytes:
    """Return the Response that says that nobody was signed in: `AuthnFailed`, `NoAuthnContext`."""
    response = _response(asked, service, f"{STATUS}Responder")
    code = response.find(f"{SAMLP}Status/{SAMLP}StatusCode")
    if code is not None:
        etree.SubElement(code, f"{SAMLP}StatusCode", Value=STATUS + reason)
    return bytes(etree.tostring(response))


def issuer() -> str:
    return f"{settings.WINGTIP_URL}/saml/metadata"


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    node = etree.SubElement(parent, tag, attributes)
    node.text = text
    return node


def _response(asked: Asked, service: Service, status: str) -> Element:
    root = etree.Element(f"{SAMLP}Response", nsmap=NSMAP)
    root.set("ID", "_" + secrets.token_hex(16))
    root.set("Version", "2.0")
    root.set("IssueInstant", _stamp(datetime.now(UTC)))
    root.set("Destination", service.consumer_url)
    root.set("InResponseTo", asked.id)
    _add(root, f"{SAML}Issuer", issuer())
    _add(_add(root, f"{SAMLP}Status"), f"{SAMLP}StatusCode", Value=status)
    return root


def _assertion(asked: Asked, service: Service, person: Person, *, at: datetime, proof: Relay) -> Element:
    now = datetime.now(UTC)
    until = _stamp(now + LIFETIME)
    root = etree.Element(f"{SAML}Assertion", nsmap={"saml": SAML[1:-1]})
    root.set("ID", "_" + secrets.token_hex(16))
    root.set("Version", "2.0")
    root.set("IssueInstant", _stamp(now))
    _add(root, f"{SAML}Issuer", issuer())
    subject = _add(root, f"{SAML}Subject")
    _add(subject, f"{SAML}NameID", person.opaque_id, Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
    confirmation = _add(subject, f"{SAML}SubjectConfirmation", Method="urn:oasis:names:tc:SAML:2.0:cm:bearer")
    _add(
        confirmation,
        f"{SAML}SubjectConfirmationData",
        InResponseTo=asked.id,
        NotOnOrAfter=until,
        Recipient=service.consumer_url,
    )
    conditions = _add(root, f"{SAML}Conditions", NotBefore=_stamp(now), NotOnOrAfter=until)
    _add(_add(conditions, f"{SAML}AudienceRestriction"), f"{SAML}Audience", service.entity_id)
    statement = _add(root, f"{SAML}AuthnStatement", AuthnInstant=_stamp(at), SessionIndex=str(root.get("ID")))
    class_ref = MULTIPLE_AUTHN if proof is Relay.CLASS_REF else PASSWORD
    _add(_add(statement, f"{SAML}AuthnContext"), f"{SAML}AuthnContextClassRef", class_ref)
    attributes = _add(root, f"{SAML}AttributeStatement")
    for name, value in [(UPN, person.name), *([ATTRIBUTES[proof]] if proof in ATTRIBUTES else [])]:
        _add(_add(attributes, f"{SAML}Attribute", Name=name), f"{SAML}AttributeValue", value)
    return root


def _signed(assertion: Element) -> Element:
    """Sign the assertion, with the signature where the schema wants it: right after the Issuer."""
    # The prefix must be the signer's own: an invented one would be part of what was signed.
    placeholder = etree.Element(f"{{{DS}}}Signature", nsmap={"ds": DS}, Id="placeholder")
    assertion.insert(1, placeholder)
    signer = XMLSigner(c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
    pair = own.SIGNING
    return signer.sign(assertion, key=pair.key_pem, cert=pair.certificate_pem, reference_uri=assertion.get("ID"))
