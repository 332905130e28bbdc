"""Access tokens: validated fully, once; what they say as values (requirements A1, A4)."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from accounts.evidence import LEEWAY, Evidence, Outcome
from accounts.oidc import provider
from accounts.oidc.jwts import Rejection, TokenRejected, verified

LARGEST_TOKEN = 16_000
USER_SCOPE = "user_impersonation"
_REQUIRED = ("iss", "aud", "iat", "nbf", "exp", "tid", "sub")
_REMEMBERED_FOR = 300
"""Seconds a verified signature is not checked again: so soon a key that the provider took back ends to count."""
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token with a good signature, from our provider, for this API. Nothing here says that it was not revoked."""

    tenant_id: UUID
    issuer: str
    subject: str
    oid: str
    application_id: str
    scopes: frozenset[str]
    amr: tuple[str, ...]
    issued_at: datetime
    expires_at: float
    evidence: Evidence
    takes_claims_challenges: bool
    claims: Mapping[str, Any] = field(repr=False)

    @property
    def of_a_person(self) -> bool:
        """A delegated token has the claim, whatever is in it: odd scopes make no application of a person (A1)."""
        return "scp" in self.claims or self.claims.get("idtyp", "app") != "app"

    @property
    def permits_application(self) -> bool:
        """An application's own token counts for what an administrator granted it: its `roles` (A6)."""
        return any(isinstance(role, str) for role in _listed(self.claims, "roles"))

    @property
    def proves_mfa(self) -> bool:
        """Requirement A2."""
        return self.evidence.outcome is Outcome.MFA


_remembered: dict[bytes, tuple[AccessToken, float]] = {}


def read(raw: str) -> AccessToken:
    """Validate a bearer token. Raises TokenRejected, ProviderUnavailable."""
    if len(raw) > LARGEST_TOKEN:
        raise TokenRejected(Rejection.MALFORMED)
    key, now = hashlib.sha256(raw.encode()).digest(), time.time()
    found = _remembered.get(key)
    if found is not None and now < found[1]:
        return found[0]
    token = _read(raw)
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = (token, min(now + _REMEMBERED_FOR, token.expires_at + LEEWAY.total_seconds()))
    return token


def _read(raw: str) -> AccessToken:
    claims, _algorithm = verified(raw, required=_REQUIRED, audiences=settings.API_AUDIENCES)
    if not isinstance(claims["aud"], str):  # one audience a token (S4)
        raise TokenRejected(Rejection.AUDIENCE)
    tenant = _tenant(claims)
    application = _text(claims, "appid") or _text(claims, "azp")
    if not application or not _text(claims, "sub"):
        raise TokenRejected(Rejection.CLAIM_MISSING)
    names = ((application, 64), (_text(claims, "oid"), 64), (claims["sub"], 255))  # as long as the portal keeps them
    if not all(len(name) <= most and name.isprintable() for name, most in names):
        raise TokenRejected(Rejection.MALFORMED)
    amr = tuple(item for item in _listed(claims, "amr") if isinstance(item, str))
    return AccessToken(
        tenant_id=tenant,
        issuer=claims["iss"],
        subject=claims["sub"],
        oid=_text(claims, "oid"),
        application_id=application,
        scopes=frozenset(_text(claims, "scp").split()),
        amr=amr,
        issued_at=_needed(claims, "iat"),
        expires_at=_needed(claims, "exp").timestamp(),
        evidence=_evidence(claims, amr),
        takes_claims_challenges="cp1" in (_text(claims, "xms_cc").split() or _listed(claims, "xms_cc")),
        claims=claims,
    )


def _tenant(claims: Mapping[str, Any]) -> UUID:
    """The issuer has to be the one of the tenant that the token names, or a tenant could speak for another."""
    tenant = _text(claims, "tid")
    if claims["iss"] != settings.API_ISSUER.replace(provider.TENANT_PLACEHOLDER, tenant):
        raise TokenRejected(Rejection.ISSUER)
    try:
        found = UUID(tenant)
    except ValueError as error:
        raise TokenRejected(Rejection.TENANT) from error
    if str(found) != tenant:
        raise TokenRejected(Rejection.TENANT)
    return found


def _evidence(claims: Mapping[str, Any], amr: tuple[str, ...]) -> Evidence:
    return Evidence(
        provider=claims["iss"],
        outcome=Outcome.MFA if "mfa" in amr else Outcome.SINGLE_FACTOR,
        at=_needed(claims, "iat"),
        amr=amr,
        acr=_text(claims, "acr"),
        auth_time=_moment(claims, "auth_time"),
    )


def _needed(claims: Mapping[str, Any], name: str) -> datetime:
    found = _moment(claims, name)
    if found is None:
        raise TokenRejected(Rejection.MALFORMED)
    return found


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    """A NumericDate (RFC 7519 section 2); None where it is none, or no moment of any calendar."""
    at = claims.get(name)
    if isinstance(at, bool) or not isinstance(at, int | float):
        return None
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _listed(claims: Mapping[str, Any], name: str) -> list[Any]:
    value = claims.get(name)
    return value if isinstance(value, list) else []
