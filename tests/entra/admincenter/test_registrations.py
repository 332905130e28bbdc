"""App registrations: the tenant's own applications, their addresses, secrets and certificates (S1, S5)."""

import re
from base64 import encodebytes
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from activity.models import AuditRecord
from entra.apps.credentials import SecretCheck, add_certificate, add_secret, check_secret
from entra.apps.models import Application, ClientCertificate
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from entra.events.models import OutgoingEvent, Stream
from secretstore.certificates import create_certificate
from tests.entra.admincenter.conftest import FABRIKAM, MFA, Admin, asked
from tests.entra.conftest import RelyingParty
from tests.entra.events.conftest import stream
from tests.entra.oauth.conftest import error_of

__all__ = ["stream"]
pytestmark = pytest.mark.requirement("S1")
API = "https://api.partnercenter.microsoft.com/user_impersonation"
NEW = {
    "name": "Invoices",
    "kind": "confidential",
    "redirect_uris": "https://invoices.example/cb\n http://localhost:9000/cb \n\nhttps://invoices.example/cb",
    "require_pkce": "on",
    "permissions": [API, "User.Read"],
}


@pytest.fixture
def own(fabrikam: Tenant) -> Application:
    return register_application(
        client_id=uuid4(),
        tenant=fabrikam,
        name="Invoices",
        redirect_uris=["https://invoices.example/cb"],
        post_logout_redirect_uris=["https://invoices.example/out"],
        backchannel_logout_uri="https://invoices.example/logout",
    )


def uploaded(content: str | bytes, name: str = "tool.cer") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def test_an_application_is_registered(admin: Admin, fabrikam: Tenant) -> None:
    page = admin.done("/registrations/new", **NEW)
    made = Application.objects.get(name="Invoices")
    assert str(made.pk) in page
    assert (str(made.tenant_id), made.public, made.multi_tenant) == (FABRIKAM, False, False)
    assert (made.require_pkce, made.preauthorized, made.enabled) == (True, False, True)
    assert made.redirect_uris == ["https://invoices.example/cb", "http://localhost:9000/cb"]
    assert sorted(made.permissions) == sorted([API, "User.Read"])
    assert "Invoices" in admin.text("/registrations", q="INVO")
    record = AuditRecord.objects.get(action="application.registered")
    assert (record.actor, record.subject) == (str(admin.account.pk), str(made.pk))


def state(admin: Admin, own: Application) -> str:
    """As the form holds it."""
    page = admin.text(f"/registrations/{own.pk}/edit")
    return re.findall(r'name="state" value="(\w{64})"', page)[0]


def test_what_is_changed_is_changed_and_the_rest_stays(admin: Admin, own: Application) -> None:
    changed = {"name": "Bills", "multi_tenant": "on", "state": state(admin, own)}
    admin.done(f"/registrations/{own.pk}/edit", **NEW | changed)
    own.refresh_from_db()
    assert (own.name, own.multi_tenant, own.redirect_uris[-1]) == ("Bills", True, "http://localhost:9000/cb")
    assert own.post_logout_redirect_uris == ["https://invoices.example/out"]
    assert own.backchannel_logout_uri == "https://invoices.example/logout"
    assert AuditRecord.objects.get(action="application.changed").detail["multiTenant"] is True


def test_a_form_older_than_the_last_change_does_not_undo_it(admin: Admin, own: Application, sign_in: Any) -> None:
    path, old = f"/registrations/{own.pk}/edit", state(admin, own)
    Application.objects.filter(pk=own.pk).update(redirect_uris=[])  # taken away by somebody else
    for fields in ({"state": old}, {}):
        assert "It was changed since this page was shown." in admin.refused(path, **NEW | fields)
    own.refresh_from_db()
    assert own.redirect_uris == []
    admin.let_verification_age()
    sign_in(admin.client, admin.account, *MFA)
    step_up = admin.post(path, **NEW | {"state": old})["Location"]
    back = admin.client.get(admin.client.get(step_up)["Location"])
    assert old in admin.client.get(back["Location"]).content.decode()  # held meanwhile, and as old as before
    admin.done(path, **NEW | {"state": state(admin, own)})


def test_an_address_that_will_not_do_is_named(admin: Admin) -> None:
    page = admin.refused("/registrations/new", **NEW | {"redirect_uris": "http://invoices.example/cb"})
    assert "“http://invoices.example/cb” is no address to send codes to." in page
    assert not Application.objects.filter(name="Invoices").exists()


@pytest.mark.parametrize("name", ["\u200b\u200d", "Pay\u202elor", "Pay\u2066roll", "Pay\x07roll"])
def test_a_name_is_seen_and_turns_nothing(admin: Admin, name: str) -> None:
    assert "characters that cannot be seen" in admin.refused("/registrations/new", **NEW | {"name": name})


def test_a_secret_is_shown_once_and_works(admin: Admin, own: Application) -> None:
    path = f"/registrations/{own.pk}"
    page = admin.refused(f"{path}/secrets/new", description="Nightly run", days="180")
    row = own.secrets.get()
    (secret,) = {found for found in re.findall(r"[\w-]{40}", page) if check_secret(own, found) is SecretCheck.VALID}
    assert timedelta(days=179) < row.expires_at - timezone.now() <= timedelta(days=180)
    shown = admin.text(path)
    assert secret not in shown
    assert "Nightly run" in shown
    assert secret not in str(list(AuditRecord.objects.values()))
    rp = RelyingParty(admin.client, own, FABRIKAM, secret=secret)
    asked = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
    assert error_of(rp.token(**asked, redirect_uri=None, code_verifier=None)) == ("invalid_grant", 501051)


@pytest.mark.parametrize("binary", [False, True])
def test_a_certificate_is_uploaded_as_pem_or_cer(admin: Admin, own: Application, binary: bool) -> None:
    pem = create_certificate(common_name="Invoices").certificate_pem
    certificate = load_pem_x509_certificate(pem.encode())
    content = certificate.public_bytes(Encoding.DER) if binary else pem
    admin.done(f"/registrations/{own.pk}/certificates/new", description="Server", file=uploaded(content))
    row = ClientCertificate.objects.get()
    assert row.sha256.upper() in admin.text(f"/registrations/{own.pk}")
    assert load_pem_x509_certificate(row.pem.encode()) == certificate


def test_what_is_no_certificate_or_holds_a_key_is_refused(admin: Admin, own: Application) -> None:
    path = f"/registrations/{own.pk}/certificates/new"
    pair = create_certificate(common_name="Invoices")
    with_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + pair.certificate_pem
    for content, said in [
        (with_key, "The file holds a private key."),
        ("nonsense", "This is no certificate."),
        ("-----BEGIN CERTIFICATE-----\nnonsense", "This is no certificate in PEM format."),
        ("x" * 65537, "The file is larger than 64 kB."),
    ]:
        assert said in admin.refused(path, description="Server", file=uploaded(content))
    assert not ClientCertificate.objects.exists()


V3, V5 = bytes.fromhex("a003020102"), bytes.fromhex("a003020104")
RSA, NO_KIND = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d010177")


@pytest.mark.parametrize(
    ("part", "instead", "said"),
    [(V3, V5, "This is no certificate"), (RSA, NO_KIND, "The certificate needs an RSA key of 2048 bits or more.")],
)
@pytest.mark.parametrize("binary", [False, True])
def test_a_certificate_that_cannot_be_read_is_refused(
    admin: Admin, own: Application, part: bytes, instead: bytes, said: str, binary: bool
) -> None:
    pem = create_certificate(common_name="Invoices").certificate_pem
    content = load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER).replace(part, instead)
    if not binary:
        content = b"-----BEGIN CERTIFICATE-----\n" + encodebytes(content) + b"-----END CERTIFICATE-----\n"
    path = f"/registrations/{own.pk}/certificates/new"
    assert said in admin.refused(path, description="Server", file=uploaded(content))
    assert not ClientCertificate.objects.exists()


def test_one_credential_is_removed_and_no_other_of_the_same_hint(admin: Admin, own: Application) -> None:
    for description in ("old", "new"):
        add_secret(application=own, description=description, lifetime=timedelta(days=9), actor="test")
    own.secrets.update(hint="abc")
    old = own.secrets.get(description="old")
    path = f"/registrations/{own.pk}/secrets/{old.pk}"
    assert "Remove this secret?" in admin.text(path)
    admin.done(path)
    assert [row.description for row in own.secrets.all()] == ["new"]
    pem = create_certificate(common_name="Invoices").certificate_pem
    row = add_certificate(application=own, pem=pem, description="", actor="test")
    admin.done(f"/registrations/{own.pk}/certificates/{row.pk}")
    assert not ClientCertificate.objects.exists()
    assert AuditRecord.objects.filter(action="application.credentialRemoved").count() == 2
    assert admin.post(f"/registrations/{own.pk}/nonsense/{row.pk}").status_code == 404


def test_an_application_with_a_secret_does_not_become_public(admin: Admin, own: Application) -> None:
    add_secret(application=own, description="", lifetime=timedelta(days=9), actor="test")
    fields = {"kind": "public", "state": state(admin, own)}
    page = admin.refused(f"/registrations/{own.pk}/edit", **NEW | fields)
    assert "Remove its secrets and certificates first." in page
    Application.objects.update(public=True)
    assert "is a public application" in admin.refused(
        f"/registrations/{own.pk}/secrets/new", description="x", days="90"
    )


def test_a_disabled_application_gets_no_token_and_loses_those_it_has(
    admin: Admin, rp: RelyingParty, john: User, sign_in: Callable[..., None], stream: Stream
) -> None:
    app, path = rp.application, f"/registrations/{rp.application.pk}"
    elsewhere = RelyingParty(Client(), app, FABRIKAM)
    sign_in(elsewhere.browser, john)
    held = elsewhere.tokens()
    Application.objects.filter(pk=app.pk).update(preauthorized=False)
    assert "is disabled, and what it held has ended." in admin.done(f"{path}/state", on="0")
    assert error_of(elsewhere.refresh(held["refresh_token"])) == ("unauthorized_client", 7000112)
    event = OutgoingEvent.objects.get()
    assert (event.application_id, event.account_id) == (app.pk, None)
    assert "can get tokens again." in admin.done(f"{path}/state", on="1")
    assert error_of(elsewhere.refresh(held["refresh_token"])) == ("invalid_grant", 70008)
    actions = AuditRecord.objects.filter(subject=str(app.pk)).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["application.disabled", "application.enabled"]


def everything(own: Application) -> dict[str, dict[str, Any]]:
    path = f"/registrations/{own.pk}"
    return {
        f"{path}/edit": NEW | {"name": "Taken"},
        f"{path}/state": {"on": "0"},
        f"{path}/secrets/new": {"description": "x", "days": "90"},
        f"{path}/certificates/new": {"description": "x"},
        f"{path}/secrets/{own.secrets.get().pk}": {},
    }


def unchanged(own: Application) -> bool:
    own.refresh_from_db()
    return own.name == "Invoices" and own.enabled and own.secrets.count() == 1


@pytest.fixture
def held(own: Application) -> Application:
    add_secret(application=own, description="", lifetime=timedelta(days=9), actor="test")
    return own


def test_a_security_administrator_looks_and_changes_nothing(
    enter: Callable[..., Admin], svetlana: User, held: Application
) -> None:
    looker = enter(svetlana)
    assert "Invoices" in looker.text("/registrations")
    assert "New client secret" not in looker.text(f"/registrations/{held.pk}")
    for path, fields in everything(held).items():
        assert looker.post(path, **fields).status_code == 403
    assert looker.post("/registrations/new", **NEW).status_code == 403
    assert unchanged(held)


def test_a_change_takes_a_recent_verification(admin: Admin, held: Application) -> None:
    admin.let_verification_age()
    for path, fields in everything(held).items():
        asked(admin.post(path, **fields), at=FABRIKAM)
    assert unchanged(held)


@pytest.mark.parametrize("facts", [{"preauthorized": True}, {"tenant": "contoso"}])
def test_the_operators_and_other_tenants_registrations_are_not_found(
    admin: Admin, held: Application, contoso: Tenant, facts: dict[str, Any]
) -> None:
    Application.objects.filter(pk=held.pk).update(**facts | ({"tenant": contoso} if "tenant" in facts else {}))
    for path, fields in everything(held).items():
        assert admin.post(path, **fields).status_code == 404
    assert admin.get(f"/registrations/{held.pk}").status_code == 404
    assert unchanged(held)
    assert "Invoices" not in admin.text("/registrations")
