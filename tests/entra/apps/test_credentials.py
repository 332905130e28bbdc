"""Secrets and certificates, any number of each, by command (S1, S5, S6)."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.management import CommandError, call_command
from django.utils import timezone

from entra.apps.credentials import CredentialRefused, SecretCheck, add_certificate, add_secret, check_secret
from entra.apps.models import Application, ClientCertificate, ClientSecret
from entra.directory.models import Tenant
from tests.entra.conftest import SECRET
from tests.entra.graph.directory import audited
from tests.entra.oauth.assertions import certified


@pytest.fixture
def run() -> Callable[..., str]:
    def act(*arguments: str) -> str:
        out = StringIO()
        call_command(*arguments, stdout=out, stderr=StringIO())
        return out.getvalue().strip()

    return act


@pytest.mark.requirement("S1")
def test_a_secret_is_printed_once_and_kept_as_a_hint(application: Application, run: Callable[..., str]) -> None:
    secret = run("add_client_secret", str(application.pk), "--description", "build server", "--days", "30")
    row = ClientSecret.objects.exclude(expires_at=None).get()
    assert check_secret(application, secret) is SecretCheck.VALID
    assert check_secret(application, SECRET) is SecretCheck.VALID
    assert (row.hint, row.description) == (secret[:3], "build server")
    assert timedelta(days=29) < row.expires_at - timezone.now() <= timedelta(days=30)
    assert secret not in str(list(ClientSecret.objects.values())) + str(audited("application.secretAdded"))


def test_only_who_holds_a_secret_learns_that_it_has_expired(application: Application) -> None:
    ClientSecret.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert check_secret(application, SECRET) is SecretCheck.EXPIRED
    assert check_secret(application, "another") is SecretCheck.WRONG


@pytest.mark.parametrize("days", [0, -1, 731])
def test_a_secret_lasts_two_years_at_most(application: Application, days: int) -> None:
    with pytest.raises(CredentialRefused, match="between one and 730 days"):
        add_secret(application=application, description="", lifetime=timedelta(days=days), actor="a test")
    assert ClientSecret.objects.count() == 1


def test_a_public_application_gets_neither(application: Application, rsa_pairs: list[Any]) -> None:
    application.public = True
    with pytest.raises(CredentialRefused, match="public"):
        add_secret(application=application, description="", lifetime=timedelta(days=1), actor="a test")
    with pytest.raises(CredentialRefused, match="public"):
        add_certificate(application=application, pem=certified(rsa_pairs[0]).pem, description="", actor="a test")


def test_a_certificate_is_added_from_a_file_and_removed_by_its_thumbprint(
    application: Application, run: Callable[..., str], tmp_path: Path, rsa_pairs: list[Any]
) -> None:
    file = tmp_path / "client.pem"
    file.write_text(certified(rsa_pairs[0]).pem)
    thumbprint = run("add_client_certificate", str(application.pk), str(file), "--description", "build server")
    row = ClientCertificate.objects.get()
    assert (row.sha256, row.description) == (thumbprint, "build server")
    assert run("remove_client_credential", str(application.pk), row.sha1.upper()) == "1 removed"
    assert not ClientCertificate.objects.exists()
    assert len(audited("application.credentialRemoved")) == 1


def test_a_secret_is_removed_by_its_hint(application: Application, run: Callable[..., str]) -> None:
    run("remove_client_credential", str(application.pk), SECRET[:3])
    assert check_secret(application, SECRET) is SecretCheck.WRONG
    with pytest.raises(CommandError, match="no credential of this name"):
        run("remove_client_credential", str(application.pk), SECRET[:3])


def test_weak_old_and_foreign_certificates_are_refused(application: Application, rsa_pairs: list[Any]) -> None:
    weak = certified(rsa.generate_private_key(public_exponent=65537, key_size=1024)).pem  # noqa: S505 - what is refused
    elliptic = certified(ec.generate_private_key(ec.SECP256R1())).pem
    old = certified(rsa_pairs[0], days=1).pem
    reasons = {weak: "2048 bits", elliptic: "RSA key", old: "expired", "text": "PEM"}
    for pem, reason in reasons.items():
        with pytest.raises(CredentialRefused, match=reason):
            add_certificate(application=application, pem=pem, description="", actor="a test")


@pytest.mark.requirement("S1")
def test_an_application_is_registered_by_command(fabrikam: Tenant, contoso: Tenant, run: Callable[..., str]) -> None:
    permission = "https://api.partnercenter.microsoft.com/user_impersonation"
    client_id = run(
        *("register_application", "Automation", "--tenant", "fabrikam.example", "--multi-tenant"),
        *("--redirect-uri", "https://automation.example/return", "--permission", permission),
    )
    row = Application.objects.get()
    assert (str(row.pk), row.name, str(row.tenant_id)) == (client_id, "Automation", str(fabrikam.pk))
    assert row.multi_tenant
    assert (row.redirect_uris, row.permissions) == (["https://automation.example/return"], [permission])
    run("register_application", "Renamed", "--tenant", "fabrikam.example", "--client-id", client_id)
    assert Application.objects.get().name == "Renamed"
    with pytest.raises(CommandError, match="another tenant"):
        run("register_application", "Taken", "--tenant", "contoso.example", "--client-id", client_id)
    with pytest.raises(CommandError, match="no permission known here"):
        run("register_application", "Wrong", "--tenant", "fabrikam.example", "--permission", "https://x.example/y")
