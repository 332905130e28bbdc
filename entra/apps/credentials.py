"""Secrets and certificates of applications: added, looked up, removed (S1, S5, S6)."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from activity.actions import AuditAction
from activity.services import record_audit
from entra.apps.models import Application, ClientCertificate, ClientSecret, UsedAssertion

LONGEST_SECRET_LIFE = timedelta(days=730)
SMALLEST_KEY = 2048
_FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


class CredentialAction(AuditAction):
    SECRET_ADDED = "application.secretAdded"
    CERTIFICATE_ADDED = "application.certificateAdded"
    REMOVED = "application.credentialRemoved"


class CredentialRefused(Exception):
    """The credential cannot be the application's; the message says why."""


class SecretCheck(Enum):
    VALID = "valid"
    EXPIRED = "expired"
    WRONG = "wrong"


def secret_digest(secret: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), b"client-secret:" + secret.encode(), "sha256").hex()


def check_secret(application: Application, secret: str) -> SecretCheck:
    """What `secret` is to the application. Only who holds it learns that it has expired."""
    return check_of(with_secret(Application.objects.filter(pk=application.pk), secret_digest(secret)).first())


def with_secret(applications: "models.QuerySet[Application]", digest: Any) -> "models.QuerySet[Application]":
    """The applications, each with what `check_of` looks at: until when the secret of this digest is good for it."""
    its = ClientSecret.objects.filter(application=models.OuterRef("pk"), digest=digest)
    until = Coalesce("expires_at", models.Value(_FOR_EVER, output_field=models.DateTimeField()))
    return applications.annotate(secret_good_until=models.Subquery(its.values_list(until)[:1]))


def check_of(application: Application | None) -> SecretCheck:
    """What the secret that the application was looked up with is to it. Nobody has none."""
    until: datetime | None = getattr(application, "secret_good_until", None)
    if until is None:
        return SecretCheck.WRONG
    return SecretCheck.EXPIRED if until <= timezone.now() else SecretCheck.VALID


def secret_is_valid(application: Application, secret: str) -> bool:
    """Whether `secret` is one of the application's and has not expired."""
    return check_secret(application, secret) is SecretCheck.VALID


@transaction.atomic
def add_secret(*, application: Application, description: str, lifetime: timedelta, actor: str) -> tuple[str, datetime]:
    """Make a further secret. Returns it, as nobody can again, and when it expires. Raises CredentialRefused."""
    _refuse_public(application)
    if not timedelta(0) < lifetime <= LONGEST_SECRET_LIFE:
        said = _("A secret lasts between one and %(days)d days.") % {"days": LONGEST_SECRET_LIFE.days}
        raise CredentialRefused(said)
    secret, expires_at = secrets.token_urlsafe(30), timezone.now() + lifetime
    ClientSecret.objects.create(
        application=application,
        hint=secret[:3],
        description=description,
        digest=secret_digest(secret),
        expires_at=expires_at,
    )
    _record(CredentialAction.SECRET_ADDED, application, actor, hint=secret[:3], description=description)
    return secret, expires_at


@transaction.atomic
def add_certificate(*, application: Application, pem: str, description: str, actor: str) -> ClientCertificate:
    """Let the key of this certificate speak for the application. Raises CredentialRefused."""
    _refuse_public(application)
    certificate = _read(pem)
    sha256 = certificate.fingerprint(hashes.SHA256()).hex()
    row, _created = ClientCertificate.objects.get_or_create(
        application=application,
        sha256=sha256,
        defaults={
            "description": description,
            "pem": certificate.public_bytes(Encoding.PEM).decode(),
            "sha1": certificate.fingerprint(hashes.SHA1()).hex(),  # noqa: S303 - a name, not a proof
            "expires_at": certificate.not_valid_after_utc,
        },
    )
    _record(CredentialAction.CERTIFICATE_ADDED, application, actor, sha256=sha256, description=description)
    return row


@transaction.atomic
def remove_credential(*, application: Application, name: str, actor: str) -> int:
    """Remove the secrets with this hint, or the certificate with this thumbprint. Returns how many were removed."""
    wanted = name.strip().lower().replace(":", "")
    found: list[ClientSecret | ClientCertificate] = [
        *ClientSecret.objects.filter(application=application, hint=name),
        *ClientCertificate.objects.filter(models.Q(sha256=wanted) | models.Q(sha1=wanted), application=application),
    ]
    for credential in found:
        remove_one_credential(credential=credential, actor=actor)
    return len(found)


@transaction.atomic
def remove_one_credential(*, credential: ClientSecret | ClientCertificate, actor: str) -> None:
    """Remove this secret or certificate, and no other of the same hint."""
    name = credential.hint if isinstance(credential, ClientSecret) else credential.sha256
    credential.delete()
    _record(CredentialAction.REMOVED, credential.application, actor, name=name)


def find_certificate(application: Application, *, sha256: str = "", sha1: str = "") -> ClientCertificate | None:
    """The application's certificate of this thumbprint (hexadecimal), also an expired one."""
    rows = ClientCertificate.objects.filter(application=application)
    return rows.filter(sha256=sha256).first() if sha256 else rows.filter(sha1=sha1).first()


def use_assertion(application: Application, jti: str, expires_at: datetime) -> bool:
    """Whether this is the first use of the assertion; from now on it is used."""
    digest = hashlib.sha256(application.pk.bytes + jti.encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(digest=digest, expires_at=expires_at)
    except IntegrityError:
        return False
    return True


def forgotten_assertions() -> models.QuerySet[UsedAssertion]:
    """Assertions that have expired, for the daily clearing."""
    return UsedAssertion.objects.filter(expires_at__lt=timezone.now())


def _read(pem: str) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key: Any = certificate.public_key()
    except UnsupportedAlgorithm:
        key = None
    except (ValueError, x509.InvalidVersion) as error:
        raise CredentialRefused(_("This is no certificate in PEM format.")) from error
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_KEY:
        said = _("The certificate needs an RSA key of %(bits)d bits or more.") % {"bits": SMALLEST_KEY}
        raise CredentialRefused(said)
    if certificate.not_valid_after_utc <= timezone.now():
        raise CredentialRefused(_("The certificate has expired."))
    return certificate


def _refuse_public(application: Application) -> None:
    if application.public:
        said = _("%(name)s is a public application, which cannot keep a secret.") % {"name": application.name}
        raise CredentialRefused(said)


def _record(action: CredentialAction, application: Application, actor: str, **detail: str) -> None:
    record_audit(
        action=action,
        actor=actor,
        tenant_id=application.tenant_id,
        subject=str(application.pk),
        detail={"application": application.name, **detail},
    )
