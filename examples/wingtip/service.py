"""The service this provider signs people in for, as its SAML metadata describes it."""

import base64
import time
from dataclasses import dataclass
from functools import lru_cache

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_der_x509_certificate
from django.conf import settings
from lxml import etree

MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
CACHE_SECONDS = 300
TIMEOUT = 10


class ServiceUnknown(Exception):
    """The service's metadata cannot be read."""


@dataclass(frozen=True)
class Service:
    entity_id: str
    consumer_url: str
    key: RSAPublicKey


def service() -> Service:
    """Return the one service Wingtip trusts, from its metadata, read anew every five minutes."""
    return _read(int(time.monotonic()) // CACHE_SECONDS)


@lru_cache(maxsize=2)
def _read(_age: int) -> Service:
    try:
        answer = requests.get(f"{settings.ENTRA_URL}/saml/metadata", timeout=TIMEOUT)
        answer.raise_for_status()
        root = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False, no_network=True))
        consumer = root.find(f".//{MD}AssertionConsumerService")
        certificate = root.find(f".//{DS}X509Certificate")
        if consumer is None or certificate is None:
            raise ServiceUnknown("incomplete metadata")
        key = _key(certificate.text or "")
        return Service(str(root.get("entityID")), str(consumer.get("Location")), key)
    except (requests.RequestException, etree.XMLSyntaxError, ValueError) as error:
        raise ServiceUnknown(str(error)) from error


def _key(text: str) -> RSAPublicKey:
    key = load_der_x509_certificate(base64.b64decode(text)).public_key()
    if not isinstance(key, RSAPublicKey):
        raise ServiceUnknown("the service's key is not RSA")
    return key
