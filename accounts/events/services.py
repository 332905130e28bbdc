"""What the portal does when it is told of a change at the provider. Each event counts once (M22)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import sessions
from accounts.audit import AccountsAction
from accounts.events.received import EventType, Grant, SecurityEvent, read
from accounts.evidence import LEEWAY
from accounts.models import PartnerTenant, PortalSession, TokenBar, User
from accounts.oidc import identity
from accounts.oidc.jwts import Rejection, TokenRejected
from accounts.oidc.tokens import remember
from activity.services import record_audit


def receive(raw: str) -> bool:
    """Validate an event token and act on it; returns whether it was news. Raises TokenRejected, ProviderUnavailable.

    An event that was received before, of an unknown person, or of a kind we do not act on, is no error.
    """
    event = read(raw)
    with transaction.atomic():
        try:
            remember(event.issuer, event.jti)
        except TokenRejected as rejected:
            if rejected.reason is Rejection.REPLAYED:
                return False
            raise
        if event.grant is not None:
            return _bar_tokens(event.grant, event.at)
        user = User.objects.select_for_update(of=("self",)).select_related("tenant").filter(event.person).first()
        return user is not None and _apply(user, event)


def _bar_tokens(grant: Grant, at: datetime) -> bool:
    """Tokens issued before the consent was taken back count no more, whoever the portal knows of their people."""
    tenant = PartnerTenant.objects.filter(pk=grant.tenant_id).first()
    if tenant is None:
        return False
    TokenBar.objects.raise_to(
        tenant_id=tenant.pk, application_id=grant.application_id, oid=grant.oid, moment=_void_before(at)
    )
    record_audit(
        action=AccountsAction.CONSENT_REVOKED,
        actor="provider",
        tenant_id=tenant.pk,
        subject=grant.application_id,
        detail={"user": grant.oid} if grant.oid else {},
    )
    return True


def _void_before(at: datetime) -> datetime:
    """What happens after this moment counts. Clocks differ a little, so what is just after it does not, until the
    event arrived."""
    return min(timezone.now(), at + LEEWAY)


def _apply(user: User, event: SecurityEvent) -> bool:
    match event.type:
        case EventType.TOKEN_CLAIMS_CHANGE:
            return _change_claims(user, event)
        case EventType.SESSION_REVOKED:
            return _end_sessions(user, event)
        case EventType.ACCOUNT_DISABLED | EventType.ACCOUNT_ENABLED:
            return _enable_or_disable(user, event)
        case EventType.CREDENTIAL_CHANGE:
            facts = {name: str(event.facts.get(name, ""))[:100] for name in ("change_type", "credential_type")}
            _audit(AccountsAction.METHOD_CHANGED, user, facts)
            return True
    return False


def _change_claims(user: User, event: SecurityEvent) -> bool:
    """`claims` holds all that tokens now say about roles; what is left out counts as empty."""
    claims = event.facts.get("claims")
    if not isinstance(claims, dict) or _is_old(user.claims_at, event):
        return False
    user.claims_at = event.at
    user.save(update_fields=["claims_at"])
    change_roles(user, claims)
    return True


def change_roles(user: User, claims: Mapping[str, Any]) -> None:
    """Bring the projection of somebody's roles up to date with what the provider says now."""
    roles = sorted(role.value for role in identity.roles_of(claims, user.tenant))
    if roles == user.projected_roles:
        return
    before, user.projected_roles = user.projected_roles, roles
    user.save(update_fields=["projected_roles"])
    _audit(AccountsAction.ROLES_CHANGED, user, {"before": before, "after": roles})


def _end_sessions(user: User, event: SecurityEvent) -> bool:
    living = PortalSession.objects.filter(user=user)
    if event.session:
        living = living.filter(provider_sid=event.session)
    else:
        bound = _void_before(event.at)
        user.not_before = max(bound, user.not_before or bound)
        user.save(update_fields=["not_before"])
        living = living.filter(created_at__lt=user.not_before)
    ended = sessions.end_all(living)
    _audit(AccountsAction.SESSIONS_ENDED, user, {"sessions": ended, "all": not event.session})
    return True


def _enable_or_disable(user: User, event: SecurityEvent) -> bool:
    if _is_old(user.enablement_at, event):
        return False
    user.enablement_at = event.at
    disabled = event.type == EventType.ACCOUNT_DISABLED
    user.disabled_at = timezone.now() if disabled else None
    user.save(update_fields=["enablement_at", "disabled_at"])
    ended = sessions.end_all(PortalSession.objects.filter(user=user)) if disabled else 0
    _audit(AccountsAction.DISABLED if disabled else AccountsAction.ENABLED, user, {"sessions": ended})
    return True


def _is_old(newest: datetime | None, event: SecurityEvent) -> bool:
    return newest is not None and event.at < newest


def _audit(action: AccountsAction, user: User, detail: Mapping[str, Any]) -> None:
    subject = user.user_principal_name or user.display_name
    record_audit(action=action, actor="provider", tenant_id=user.tenant_id, subject=subject, detail=detail)
