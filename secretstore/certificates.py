"""Key pairs with self-signed certificates that a laptop generates for itself at first run, never committed."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_VALIDITY = timedelta(days=3650)


@dataclass(frozen=True)
class KeyPair:
    """An RSA key and the certificate that carries its public half, both PEM."""

    key_pem: str
    certificate_pem: str


def generated_certificate(folder: Path, name: str) -> KeyPair:
    """Return the pair stored as `name`.pem in `folder`, creating it (2048 bits, mode 0600) when absent.

    Two processes that start at once agree: the file is linked into place whole, so the first one wins.
    """
    path = folder / f"{name}.pem"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        pair = create_certificate(common_name=f"{folder.name} {name}")
        draft.write_text(pair.key_pem + pair.certificate_pem)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    text = path.read_text()
    cut = text.index("-----BEGIN CERTIFICATE-----")
    return KeyPair(key_pem=text[:cut], certificate_pem=text[cut:])


def create_certificate(*, common_name: str) -> KeyPair:
    """Return a fresh pair, valid for ten years from today."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + _VALIDITY)
        .sign(key, hashes.SHA256())
    )
    return KeyPair(
        key_pem=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
    )
