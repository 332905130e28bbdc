"""SAML metadata (saml-metadata-2.0-os): our own, for administrators of federated providers, and theirs, to read."""

import base64
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import InvalidVersion, load_der_x509_certificate
from lxml import etree

from entra.federation.saml.names import DS, HTTP_POST, HTTP_REDIRECT, MD, NAME_ID_UNSPECIFIED, SAMLP, ds
from entra.federation.saml.parsing import parse


@dataclass(frozen=True)
class ProviderDescription:
    """What an identity provider says of itself; certificates are PEM."""

    issuer_uri: str
    sign_in_uri: str
    certificate: str
    next_certificate: str = ""
    """The second signing certificate, where it announces a change."""


def read_provider(xml: bytes) -> ProviderDescription:
    """Read an identity provider's metadata. Raises AnswerRefused or ValueError, with what is missing."""
    root = parse(xml)
    descriptor = root.find(f"{{{MD}}}IDPSSODescriptor")
    if root.tag != f"{{{MD}}}EntityDescriptor" or descriptor is None:
        raise ValueError("no IDPSSODescriptor")
    services = descriptor.findall(f"{{{MD}}}SingleSignOnService")
    address = next((one.get("Location") for one in services if one.get("Binding") == HTTP_REDIRECT), None)
    keys = [key for key in descriptor.findall(f"{{{MD}}}KeyDescriptor") if key.get("use") in {None, "signing"}]
    certificates = [node.text or "" for key in keys for node in key.iter(ds("X509Certificate"))]
    if not address or not certificates or not root.get("entityID"):
        raise ValueError("no entityID, HTTP-Redirect sign-on address or signing certificate")
    signing = list(dict.fromkeys(_pem(one) for one in certificates))
    return ProviderDescription(root.get("entityID"), address, *signing[:2])


def _pem(base64_text: str) -> str:
    try:
        certificate = load_der_x509_certificate(base64.b64decode(base64_text))
        certificate.public_key()  # of a kind that can be read
    except (InvalidVersion, UnsupportedAlgorithm) as error:
        raise ValueError("a certificate that cannot be read") from error
    return certificate.public_bytes(Encoding.PEM).decode()


def to_xml(*, entity_id: str, consumer_url: str, certificate_pem: str) -> bytes:
    root = etree.Element(f"{{{MD}}}EntityDescriptor", nsmap={"md": MD, "ds": DS}, entityID=entity_id)
    descriptor = etree.SubElement(
        root,
        f"{{{MD}}}SPSSODescriptor",
        protocolSupportEnumeration=SAMLP,
        WantAssertionsSigned="true",
    )
    key = etree.SubElement(descriptor, f"{{{MD}}}KeyDescriptor", use="signing")
    data = etree.SubElement(etree.SubElement(key, ds("KeyInfo")), ds("X509Data"))
    lines = certificate_pem.strip().splitlines()
    etree.SubElement(data, ds("X509Certificate")).text = "".join(lines[1:-1])
    etree.SubElement(descriptor, f"{{{MD}}}NameIDFormat").text = NAME_ID_UNSPECIFIED
    etree.SubElement(
        descriptor,
        f"{{{MD}}}AssertionConsumerService",
        Binding=HTTP_POST,
        Location=consumer_url,
        index="0",
        isDefault="true",
    )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
