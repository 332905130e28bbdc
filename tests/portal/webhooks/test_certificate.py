import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import load_der_x509_certificate
from django.test import Client
from pytest_django import Settings

from secretstore.certificates import create_certificate
from webhooks import signing
from webhooks.checks import check_signing_key


@pytest.mark.requirement("M16")
def test_anybody_may_read_the_certificate(client: Client, db: None) -> None:
    response = client.get("/webhooks/certificate")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pkix-cert")
    assert load_der_x509_certificate(response.content).public_key()
    assert client.get("/webhooks/certificate").content == response.content


def test_openssl_agrees_with_the_signature(client: Client, db: None, tmp_path: Path) -> None:
    certificate, body, value = tmp_path / "c.der", tmp_path / "body", tmp_path / "signature"
    certificate.write_bytes(client.get("/webhooks/certificate").content)
    body.write_bytes(b'{"EventName": "test-created"}')
    value.write_bytes(base64.b64decode(signing.signature(body.read_bytes())))
    key = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", certificate, "-pubkey", "-noout"], capture_output=True, check=True
    )
    (tmp_path / "key.pem").write_bytes(key.stdout)
    command = ["openssl", "dgst", "-sha256", "-verify", tmp_path / "key.pem", "-signature", value, body]
    assert subprocess.run(command, capture_output=True, check=False).stdout == b"Verified OK\n"


def test_the_key_can_come_from_the_settings(settings: Settings) -> None:
    pair = create_certificate(common_name="hooks")
    settings.WEBHOOK_SIGNING_PEM = pair.key_pem + pair.certificate_pem
    assert load_der_x509_certificate(signing.certificate()).subject.rfc4514_string() == "CN=hooks"


@pytest.mark.parametrize("broken", ["nonsense", "key only", "two pairs"])
def test_a_key_that_does_not_fit_its_certificate_is_refused(settings: Any, broken: str) -> None:
    one, other = create_certificate(common_name="one"), create_certificate(common_name="other")
    pems = {"nonsense": "x", "key only": one.key_pem, "two pairs": one.key_pem + other.certificate_pem}
    settings.WEBHOOK_SIGNING_PEM = pems[broken]
    with pytest.raises(signing.KeyUnusable):
        signing.signature(b"x")
    assert [found.id for found in check_signing_key(None)] == ["webhooks.E001"]


def test_a_key_that_fits_or_none_lets_the_server_start(settings: Settings) -> None:
    assert check_signing_key(None) == []
    pair = create_certificate(common_name="hooks")
    settings.WEBHOOK_SIGNING_PEM = pair.key_pem + pair.certificate_pem
    assert check_signing_key(None) == []
