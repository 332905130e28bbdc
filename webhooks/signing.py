"""The signature by which receivers know that an event is from here, and the certificate that proves it."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificate
from django.conf import settings

from secretstore.certificates import generated_certificate

ALGORITHM = "rsa-sha256"


class KeyUnusable(Exception):
    """WEBHOOK_SIGNING_PEM does not hold an RSA key with its certificate."""


def signature(body: bytes) -> str:
    """Of exactly these bytes, in base64."""
    key, _certificate = _pair(settings.WEBHOOK_SIGNING_PEM)
    return base64.b64encode(key.sign(body, padding.PKCS1v15(), hashes.SHA256())).decode()


def certificate() -> bytes:
    """DER, which every platform reads."""
    _key, found = _pair(settings.WEBHOOK_SIGNING_PEM)
    return found.public_bytes(Encoding.DER)


@lru_cache(maxsize=2)
def _pair(pem: str) -> tuple[RSAPrivateKey, Certificate]:
    if not pem:
        made = generated_certificate(settings.SECRETS_DIR, "webhooks")
        pem = made.key_pem + made.certificate_pem
    try:
        key, found = load_pem_private_key(pem.encode(), None), load_pem_x509_certificate(pem.encode())
    except (ValueError, TypeError) as error:
        raise KeyUnusable from error
    if not isinstance(key, RSAPrivateKey) or key.public_key() != found.public_key():
        raise KeyUnusable
    return key, found
