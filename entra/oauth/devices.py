"""Codes for devices without a browser: issued, typed in by a person, approved or refused, redeemed once (RFC 8628).

Only hashes are stored; that of the typed code is keyed, because so short a code could be found from a plain one.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from entra.apps.models import Application
from entra.directory.methods.limits import charge, refund, user_code_limit
from entra.directory.models import Tenant
from entra.oauth.errors import OAuthError
from entra.oauth.grants import hashed, revoke
from entra.oauth.models import DeviceCode, Grant
from entra.signin.request import SignInRequest

LIFETIME = timedelta(minutes=15)
SLOWER_BY = 5  # seconds, RFC 8628 section 3.5
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no words, and nothing that looks like a digit (RFC 8628 section 6.1)
_LENGTH = 8


@dataclass(frozen=True)
class Issued:
    """The two codes, as nobody can read them again, and how often to poll."""

    device_code: str
    user_code: str
    interval: int


def issue_device_code(*, application: Application, tenant: Tenant | None, asked: SignInRequest, ip: str) -> Issued:
    """Start a sign-in that somebody finishes elsewhere."""
    device_code = secrets.token_urlsafe(48)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    row = DeviceCode.objects.create(
        device_code_hash=hashed(device_code),
        user_code_hash=_user_code_hash(letters),
        application=application,
        tenant=tenant,
        request=msgspec.to_builtins(asked),
        ip_address=ip or None,
        expires_at=timezone.now() + LIFETIME,
    )
    return Issued(device_code, f"{letters[:4]}-{letters[4:]}", row.interval)


def find_by_user_code(typed: str, *, ip: str) -> DeviceCode | None:
    """The waiting sign-in of this code, however it is written. Raises TooManyGuesses for the address `ip`."""
    limit = user_code_limit(ip)
    charged_at = charge(limit)
    letters = "".join(letter for letter in typed.upper() if letter in _LETTERS)
    found = waiting().filter(user_code_hash=_user_code_hash(letters)).select_related("application__tenant", "tenant")
    row = found.first()
    if row is not None:
        refund(limit, charged_at)
    return row


def waiting() -> QuerySet[DeviceCode]:
    return DeviceCode.objects.filter(grant=None, refused_code=0, expires_at__gt=timezone.now())


def approve(*, device: str, grant: Grant) -> bool:
    """Give the waiting device its grant. False when it waits no longer: another browser was faster, or time is up."""
    return waiting().filter(pk=device).update(grant=grant) == 1


def refuse(*, device: str, code: int) -> bool:
    """The sign-in ended in an error. False when the device waits no longer."""
    return waiting().filter(pk=device).update(refused_code=code) == 1


def poll(*, device_code: str, application: Application) -> DeviceCode:
    """The approved sign-in of this code. Raises OAuthError: not yet, too fast, too late, refused, or used."""
    now = timezone.now()
    related = ("grant__account__tenant", "grant__tenant", "grant__account__home_account", "grant__session")
    rows = DeviceCode.objects.select_related(*related)
    row = rows.filter(pk=hashed(device_code), application=application).first()
    if row is None:
        raise OAuthError("bad_verification_code", 70018)
    if row.redeemed_at is not None and row.grant is not None:
        revoke(row.grant)
        raise OAuthError("invalid_grant", 54005)
    if row.refused_code:
        raise OAuthError("authorization_declined", row.refused_code)
    if row.expires_at <= now:
        raise OAuthError("expired_token", 70019)
    if row.grant is None:
        # A poll that leaves the device a little early arrives a little early.
        early = row.polled_at is not None and now - row.polled_at < timedelta(seconds=row.interval - 1)
        interval = min(row.interval + SLOWER_BY, 60) if early else row.interval
        DeviceCode.objects.filter(pk=row.pk).update(polled_at=now, interval=interval)
        raise OAuthError("slow_down" if early else "authorization_pending", 70016)
    return row


def mark_redeemed(row: DeviceCode) -> None:
    """The last step before tokens are made; of two simultaneous uses one fails here. Raises OAuthError."""
    if not DeviceCode.objects.filter(pk=row.pk, redeemed_at=None).update(redeemed_at=timezone.now()):
        if row.grant is not None:
            revoke(row.grant)
        raise OAuthError("invalid_grant", 54005)


def _user_code_hash(letters: str) -> str:
    return salted_hmac("entra.oauth.devices", letters, algorithm="sha256").hexdigest()
