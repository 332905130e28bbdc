"""FIDO2 security keys and passkeys: the two WebAuthn ceremonies. The caller keeps the challenge, good once.

A key counts as MFA alone only when it verified its holder (PIN or biometric); the result says so.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from entra.directory.methods.kinds import MethodKind
from entra.directory.methods.notices import MethodAction, announce
from entra.directory.models import SecurityKey, User

# What the library lets through when a browser's answer is not even well-formed.
_UNREADABLE = (WebAuthnException, ValueError, LookupError, TypeError, RecursionError)


class CeremonyRefused(Exception):
    """The browser's answer does not prove the key. The reason is for the log, not for the page."""


@dataclass(frozen=True)
class Ceremony:
    """What the page hands to the browser, and the challenge the server keeps until the answer."""

    options: str
    challenge: str


@dataclass(frozen=True)
class ProvenKey:
    key: SecurityKey
    user_verified: bool


def start_registration(*, account: User, rp_name: str) -> Ceremony:
    options = generate_registration_options(
        rp_id=relying_party_id(),
        rp_name=rp_name,
        user_id=account.pk.bytes,
        user_name=account.user_principal_name,
        user_display_name=account.display_name,
        exclude_credentials=_descriptors(account),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return Ceremony(options_to_json(options), bytes_to_base64url(options.challenge))


def finish_registration(*, account: User, name: str, challenge: str, answer: str) -> ProvenKey:
    """Store the key that the browser's answer proves. Raises CeremonyRefused."""
    try:
        proof = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=relying_party_id(),
            expected_origin=settings.ENTRA_URL,
        )
        with transaction.atomic():
            key = SecurityKey.objects.create(
                account=account,
                name=name,
                credential_id=bytes_to_base64url(proof.credential_id),
                public_key=proof.credential_public_key,
                sign_count=proof.sign_count,
                transports=_transports(answer),
                aaguid=proof.aaguid,
                backed_up=proof.credential_backed_up,
            )
            announce(account=account, action=MethodAction.ADDED, kind=MethodKind.SECURITY_KEY, name=name)
    except (*_UNREADABLE, IntegrityError) as error:
        raise CeremonyRefused(str(error)) from error
    return ProvenKey(key, proof.user_verified)


def start_authentication(*, account: User) -> Ceremony:
    options = generate_authentication_options(
        rp_id=relying_party_id(),
        allow_credentials=_descriptors(account),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Ceremony(options_to_json(options), bytes_to_base64url(options.challenge))


def finish_authentication(*, account: User, challenge: str, answer: str) -> ProvenKey:
    """The key of `account` that the browser's answer proves. Raises CeremonyRefused."""
    try:
        credential_id = msgspec.json.decode(answer, type=_Answer).id
        with transaction.atomic():
            # Only this account's keys: a valid answer of somebody else's key proves somebody else.
            key = account.security_keys.select_for_update().get(credential_id=credential_id)
            proof = verify_authentication_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=relying_party_id(),
                expected_origin=settings.ENTRA_URL,
                credential_public_key=bytes(key.public_key),
                credential_current_sign_count=key.sign_count,
            )
            key.sign_count, key.last_used_at = proof.new_sign_count, timezone.now()
            key.save(update_fields=["sign_count", "last_used_at"])
    except (*_UNREADABLE, SecurityKey.DoesNotExist) as error:
        raise CeremonyRefused(str(error)) from error
    return ProvenKey(key, proof.user_verified)


def relying_party_id() -> str:
    return urlsplit(settings.ENTRA_URL).hostname or "localhost"


class _Response(msgspec.Struct):
    transports: list[str] = []


class _Answer(msgspec.Struct):
    id: str
    response: _Response


def _transports(answer: str) -> list[str]:
    known = {transport.value for transport in AuthenticatorTransport}
    return [name for name in msgspec.json.decode(answer, type=_Answer).response.transports if name in known]


def _descriptors(account: User) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential_id),
            transports=[AuthenticatorTransport(name) for name in key.transports] or None,
        )
        for key in account.security_keys.all()
    ]
