"""Client assertions as client libraries make them, and as attackers might."""

import base64
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

SHA1 = hashes.SHA1()  # noqa: S303 - a name, not a proof
SHA256 = hashes.SHA256()
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Certified:
    """A key with its certificate."""

    key: Any
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def thumbprint(self, algorithm: hashes.HashAlgorithm, *, padded: bool) -> str:
        text = base64.urlsafe_b64encode(self.certificate.fingerprint(algorithm)).decode()
        return text if padded else text.rstrip("=")


def certified(key: Any, *, days: int = 365, begins: timedelta = timedelta(days=-1)) -> Certified:
    """A self-signed certificate for an RSA key, valid for so many days, from yesterday if not said otherwise."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
    start = datetime.now(UTC) + begins
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start)
    return Certified(key, builder.not_valid_after(start + timedelta(days=days)).sign(key, hashes.SHA256()))


def assertion(
    signer: Certified,
    client_id: str,
    audience: str,
    *,
    algorithm: str = "PS256",
    header: dict[str, str] | None = None,
    key: Any = ...,
    **claims: Any,
) -> dict[str, str]:
    """The form fields. Dates are fractions, as MSAL Python sends them; a claim given as None is left out."""
    now = time.time()
    usual = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": now,
        "exp": now + 600,
        "jti": str(uuid.uuid4()),
    }
    payload = {name: value for name, value in (usual | claims).items() if value is not None}
    named = {"x5t#S256": signer.thumbprint(SHA256, padded=True)} if header is None else header
    signed = jwt.encode(payload, signer.key if key is ... else key, algorithm=algorithm, headers=named)
    return {"client_assertion_type": TYPE, "client_assertion": signed}
