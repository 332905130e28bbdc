"""AuthnRequests by HTTP-Redirect (saml-bindings-2.0-os 3.4), optionally signed."""

import base64
import zlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from entra.federation.saml.names import (
    HTTP_POST,
    MULTIPLE_AUTHN,
    NAME_ID_UNSPECIFIED,
    SAML,
    SAMLP,
    saml,
    samlp,
)

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


@dataclass(frozen=True)
class AuthnRequest:
    """One request. `wants_mfa` names the class reference that proves MFA; `fresh` forbids an old session."""

    id: str
    issued_at: datetime
    destination: str
    issuer: str
    consumer_url: str
    subject: str = ""
    fresh: bool = False
    wants_mfa: bool = False


def to_xml(request: AuthnRequest) -> bytes:
    root = etree.Element(samlp("AuthnRequest"), nsmap={"samlp": SAMLP, "saml": SAML})
    root.set("ID", request.id)
    root.set("Version", "2.0")
    root.set("IssueInstant", f"{request.issued_at:%Y-%m-%dT%H:%M:%SZ}")
    root.set("Destination", request.destination)
    root.set("AssertionConsumerServiceURL", request.consumer_url)
    root.set("ProtocolBinding", HTTP_POST)
    if request.fresh or request.wants_mfa:
        root.set("ForceAuthn", "true")
    etree.SubElement(root, saml("Issuer")).text = request.issuer
    if request.subject:
        subject = etree.SubElement(root, saml("Subject"))
        name = etree.SubElement(subject, saml("NameID"), Format=NAME_ID_UNSPECIFIED)
        name.text = request.subject
    if request.wants_mfa:
        context = etree.SubElement(root, samlp("RequestedAuthnContext"), Comparison="exact")
        etree.SubElement(context, saml("AuthnContextClassRef")).text = MULTIPLE_AUTHN
    return bytes(etree.tostring(root))


def redirect_url(request: AuthnRequest, *, relay_state: str, key_pem: str = "") -> str:
    """Return the address to send the browser to; signed with RSA-SHA256 when a key is given (3.4.4.1)."""
    deflater = zlib.compressobj(wbits=-15)
    deflated = deflater.compress(to_xml(request)) + deflater.flush()
    fields = [("SAMLRequest", base64.b64encode(deflated).decode()), ("RelayState", relay_state)]
    if key_pem:
        fields.append(("SigAlg", RSA_SHA256))
    query = urlencode(fields, quote_via=quote)
    if key_pem:
        query += "&" + urlencode({"Signature": _sign(query, key_pem)}, quote_via=quote)
    return f"{request.destination}{'&' if '?' in request.destination else '?'}{query}"


def _sign(query: str, key_pem: str) -> str:
    key = load_pem_private_key(key_pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        message = "The federation key must be RSA"
        raise TypeError(message)
    return base64.b64encode(key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
