"""A certificate authority of this installation alone, so that https works on one machine without turning checks off."""

import shlex
from pathlib import Path

import certifi
import trustme


def authority_of(folder: Path) -> Path:
    """What a browser has to trust."""
    return folder / "ca.pem"


def certificates(folder: Path) -> dict[str, str]:
    """Make the authority and a certificate for localhost once; answer the environment that makes services use them.

    Public authorities stay trusted beside it: the services may talk to a real identity provider.
    """
    authority, bundle = authority_of(folder), folder / "bundle.pem"
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not bundle.exists():  # written last
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ca = trustme.CA(organization_name="Partner Center local development")
        issued = ca.issue_cert("localhost", "127.0.0.1", "::1")
        ca.cert_pem.write_to_path(authority)
        issued.private_key_pem.write_to_path(key)
        key.chmod(0o600)
        certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
        bundle.write_bytes(Path(certifi.where()).read_bytes() + ca.cert_pem.bytes())
    return {
        "TLS": "1",
        "TLS_CERTIFICATE": str(certificate),
        "TLS_KEY": str(key),
        "GUNICORN_CMD_ARGS": shlex.join([f"--certfile={certificate}", f"--keyfile={key}"]),
        "REQUESTS_CA_BUNDLE": str(bundle),
        "SSL_CERT_FILE": str(bundle),
        "NODE_EXTRA_CA_CERTS": str(authority),
    }
