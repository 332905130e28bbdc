"""A security event as values: what a validated token says, about whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.oidc import provider, tokens
from accounts.oidc.jwts import Rejection, TokenRejected

_CAEP = "https://schemas.openid.net/secevent/caep/event-type"
_LONGEST_NAME = 64
"""Of an application or a person, as `TokenBar` keeps them."""
_RISC = "https://schemas.openid.net/secevent/risc/event-type"


class EventType(StrEnum):
    """The events this portal acts on (OpenID CAEP 1.0, RISC 1.0)."""

    SESSION_REVOKED = f"{_CAEP}/session-revoked"
    TOKEN_CLAIMS_CHANGE = f"{_CAEP}/token-claims-change"
    CREDENTIAL_CHANGE = f"{_CAEP}/credential-change"
    ACCOUNT_DISABLED = f"{_RISC}/account-disabled"
    ACCOUNT_ENABLED = f"{_RISC}/account-enabled"
    # No published profile has these two: consent to an application was taken back, for one person or a whole tenant.
    GRANT_REVOKED = "urn:partnercenter:event:grant-revoked"
    APPLICATION_REVOKED = "urn:partnercenter:event:application-revoked"


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    issuer: str
    jti: str
    type: str
    facts: Mapping[str, Any]
    at: datetime
    """When it happened, by the provider's clock."""
    person: Q
    """Finds the one it is about among the users."""
    session: str = ""
    """The provider's session it is about; empty: all of them."""
    grant: "Grant | None" = None
    """What was taken back, where the event is about consent."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Consent to an application in a tenant; of one person, or of everybody (`oid` is empty)."""

    tenant_id: UUID
    application_id: str
    oid: str = ""


def read(raw: str) -> SecurityEvent:
    """Validate a security event token. Raises TokenRejected, ProviderUnavailable."""
    claims = tokens.validate_security_event(raw)
    ((kind, facts),) = claims["events"].items()
    if kind in {EventType.GRANT_REVOKED, EventType.APPLICATION_REVOKED}:
        grant = _grant(claims, of_a_person=kind == EventType.GRANT_REVOKED)
        return SecurityEvent(claims["iss"], claims["jti"], kind, facts, _moment(claims, facts), Q(), grant=grant)
    person, session = _subject(claims)
    return SecurityEvent(claims["iss"], claims["jti"], kind, facts, _moment(claims, facts), person, session)


def _moment(claims: Mapping[str, Any], facts: Mapping[str, Any]) -> datetime:
    at = facts.get("event_timestamp", claims["iat"])
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise TokenRejected(Rejection.EVENT)
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise TokenRejected(Rejection.EVENT) from error


def _subject(claims: Mapping[str, Any]) -> tuple[Q, str]:
    """Whom the event is about: (issuer, subject), or (issuer, tenant, object id) as a complex subject (RFC 9493)."""
    issuer, named = claims["iss"], _part(claims, "sub_id")
    if named.get("format") == "iss_sub":
        return _by_subject(issuer, named), ""
    if named.get("format") != "complex":
        raise TokenRejected(Rejection.SUBJECT)
    user = _part(named, "user")
    session = _opaque(_part(named, "session")) if "session" in named else ""
    if user.get("format") == "iss_sub":
        return _by_subject(issuer, user), session
    tenant = _tenant(issuer, _opaque(_part(named, "tenant")))
    return Q(issuer=issuer, tenant=tenant, oid=_opaque(user)), session


def _grant(claims: Mapping[str, Any], *, of_a_person: bool) -> Grant:
    named = _part(claims, "sub_id")
    if named.get("format") != "complex":
        raise TokenRejected(Rejection.SUBJECT)
    tenant = _tenant(claims["iss"], _opaque(_part(named, "tenant")))
    oid = _opaque(_part(named, "user")) if of_a_person else ""
    application = _opaque(_part(named, "application"))
    if max(len(application), len(oid)) > _LONGEST_NAME:
        raise TokenRejected(Rejection.SUBJECT)
    return Grant(tenant, application, oid)


def _by_subject(issuer: str, named: Mapping[str, Any]) -> Q:
    if named.get("iss") != issuer or not isinstance(named.get("sub"), str) or not named["sub"]:
        raise TokenRejected(Rejection.SUBJECT)
    return Q(issuer=issuer, subject=named["sub"])


def _tenant(issuer: str, tenant: str) -> UUID:
    """A tenant's issuer speaks of that tenant's people only."""
    if provider.metadata().issuer_for(tenant) != issuer:
        raise TokenRejected(Rejection.TENANT)
    try:
        return UUID(tenant)
    except ValueError as error:
        raise TokenRejected(Rejection.TENANT) from error


def _part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = of.get(name)
    if not isinstance(part, dict):
        raise TokenRejected(Rejection.SUBJECT)
    return part


def _opaque(part: Mapping[str, Any]) -> str:
    if part.get("format") != "opaque" or not isinstance(part.get("id"), str) or not part["id"]:
        raise TokenRejected(Rejection.SUBJECT)
    return str(part["id"])
