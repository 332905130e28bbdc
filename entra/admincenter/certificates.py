"""A certificate as an administrator recognizes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate
from django.utils import timezone

_SOON = timedelta(days=30)


@dataclass(frozen=True)
class ShownCertificate:
    subject: str
    ends_at: datetime
    fingerprint: str

    @property
    def expired(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def expires_soon(self) -> bool:
        return not self.expired and self.ends_at - timezone.now() < _SOON


def shown_certificate(pem: str) -> ShownCertificate | None:
    """None for no certificate, or one that cannot be read."""
    try:
        found = load_pem_x509_certificate(pem.encode())
    except ValueError:
        return None
    digest = found.fingerprint(SHA256()).hex(":").upper()
    return ShownCertificate(found.subject.rfc4514_string(), found.not_valid_after_utc, digest)
