"""Reads AuthnRequests that arrive by HTTP-Redirect (saml-bindings-2.0-os 3.4). Unsigned ones are refused."""

import base64
import binascii
import time
import zlib
from dataclasses import dataclass
from urllib.parse import unquote_plus

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from examples.wingtip.service import Service

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"
MULTIPLE_AUTHN = "http://schemas.microsoft.com/claims/multipleauthn"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
MAX_BYTES = 64 * 1024


class RequestRefused(Exception):
    """The request is unreadable, unsigned, or not from the service Wingtip trusts."""


@dataclass(frozen=True)
class Asked:
    id: str
    relay_state: str
    subject: str
    fresh: bool
    wants_mfa: bool
    at: float


def read(query: str, service: Service) -> Asked:
    """Return the request in a raw query string, once its signature by `service` is checked. Raises RequestRefused."""
    raw = dict(part.partition("=")[::2] for part in query.split("&"))
    _check_signature(raw, service)
    root = _parse(unquote_plus(raw.get("SAMLRequest", "")))
    issuer = root.find(f"{SAML}Issuer")
    if root.tag != f"{SAMLP}AuthnRequest" or issuer is None or issuer.text != service.entity_id:
        raise RequestRefused("not a request of the service we know")
    if root.get("AssertionConsumerServiceURL") not in {None, service.consumer_url}:
        raise RequestRefused("an unknown address to answer to")
    name = root.find(f"{SAML}Subject/{SAML}NameID")
    refs = [node.text for node in root.iterfind(f"{SAMLP}RequestedAuthnContext/{SAML}AuthnContextClassRef")]
    return Asked(
        id=root.get("ID") or "",
        relay_state=unquote_plus(raw.get("RelayState", "")),
        subject=(name.text or "") if name is not None else "",
        fresh=root.get("ForceAuthn") in {"true", "1"},
        wants_mfa=MULTIPLE_AUTHN in refs,
        at=time.time(),
    )


def _check_signature(raw: dict[str, str], service: Service) -> None:
    """The signature covers the query as it was sent, in this order (3.4.4.1)."""
    if unquote_plus(raw.get("SigAlg", "")) != RSA_SHA256:
        raise RequestRefused("unsigned, or signed with another algorithm")
    signed = "&".join(f"{name}={raw[name]}" for name in ("SAMLRequest", "RelayState", "SigAlg") if name in raw)
    try:
        signature = base64.b64decode(unquote_plus(raw.get("Signature", "")), validate=True)
        service.key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error) as error:
        raise RequestRefused("signature") from error


def _parse(field: str) -> etree._Element:
    try:
        inflater = zlib.decompressobj(wbits=-15)
        xml = inflater.decompress(base64.b64decode(field, validate=True), MAX_BYTES)
        return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except (binascii.Error, zlib.error, etree.XMLSyntaxError) as error:
        raise RequestRefused("unreadable") from error
