"""Ending what an account or an application has open, here and where its tokens are used (M22, S6)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from activity.actions import AuditAction
from activity.services import record_audit
from entra.apps.models import Application, AppRoleGrant, ConsentGrant
from entra.directory.administration.accounts import set_enabled, void_sessions
from entra.directory.models import Tenant, User
from entra.events.kinds import EventType
from entra.events.services import Subject, announce
from entra.oauth.backchannel import announce_revocation
from entra.oauth.models import Grant
from entra.signin.models import ProviderSession


class RevocationAction(AuditAction):
    CONSENT_REVOKED = "application.consentRevoked"
    APPLICATION_ENABLED = "application.enabled"
    APPLICATION_DISABLED = "application.disabled"
    TOKENS_REVOKED = "application.tokensRevoked"
    APPLICATION_REVOKED = "application.revoked"


@transaction.atomic
def revoke_sessions(*, account: User, actor: str) -> None:
    """Void the account's sessions and grants, and tell the applications. A guest's home session is not ours to end."""
    void_sessions(account=account, actor=actor)
    _end(account)


@transaction.atomic
def disable(*, account: User, actor: str) -> None:
    """Stop the account from signing in and end what it has open. Raises Refused for the last Global administrator."""
    set_enabled(account=account, enabled=False, actor=actor)
    _end(account)


@transaction.atomic
def revoke_consent(*, application: Application, account: User, actor: str) -> None:
    """Take back what the account let the application do: its refresh tokens are void, its tokens barred."""
    removed, _rows = ConsentGrant.objects.filter(application=application, account=account).delete()
    Grant.objects.filter(application=application, account=account, revoked_at=None).update(revoked_at=timezone.now())
    announce(EventType.GRANT_REVOKED, [Subject(account.tenant_id, account.pk, application_id=application.pk)])
    _record(RevocationAction.CONSENT_REVOKED, application, account.tenant, actor, account=str(account.pk), had=removed)


@transaction.atomic
def revoke_everybodys_consent(*, application: Application, tenant: Tenant, actor: str) -> None:
    """Take back what an administrator let the application do for everybody. What people accepted for themselves stays.

    Nobody can tell which tokens rested on which consent, so all of them end; what is still accepted is had anew.
    """
    removed, _rows = ConsentGrant.objects.filter(application=application, tenant=tenant, account=None).delete()
    Grant.objects.filter(application=application, tenant=tenant, revoked_at=None).update(revoked_at=timezone.now())
    announce(EventType.APPLICATION_REVOKED, [Subject(tenant.pk, None, application_id=application.pk)])
    _record(RevocationAction.CONSENT_REVOKED, application, tenant, actor, everybody=True, had=removed)


@transaction.atomic
def revoke_application(*, application: Application, tenant: Tenant, actor: str) -> None:
    """Take back everything that anybody of the tenant, or its administrators, let the application do there."""
    removed, _rows = ConsentGrant.objects.filter(application=application, tenant=tenant).delete()
    AppRoleGrant.objects.filter(application=application, tenant=tenant).delete()
    Grant.objects.filter(application=application, tenant=tenant, revoked_at=None).update(revoked_at=timezone.now())
    announce(EventType.APPLICATION_REVOKED, [Subject(tenant.pk, None, application_id=application.pk)])
    _record(RevocationAction.APPLICATION_REVOKED, application, tenant, actor, had=removed)


@transaction.atomic
def set_application_enabled(*, application: Application, enabled: bool, actor: str) -> None:
    """Let the application get tokens, or not. Disabling ends what it has for good: afterwards people sign in anew."""
    if application.enabled == enabled:
        return
    application.enabled = enabled
    application.save(update_fields=["enabled"])
    if not enabled:
        _void_tokens(application)
    action = RevocationAction.APPLICATION_ENABLED if enabled else RevocationAction.APPLICATION_DISABLED
    _record(action, application, application.tenant, actor)


@transaction.atomic
def revoke_tokens(*, application: Application, actor: str) -> None:
    """Void every token that the application holds in any tenant, as after a leak. What it may do stays."""
    _void_tokens(application)
    _record(RevocationAction.TOKENS_REVOKED, application, application.tenant, actor)


def _void_tokens(application: Application) -> None:
    application.tokens_valid_from = now = timezone.now()
    application.save(update_fields=["tokens_valid_from"])
    live = Grant.objects.filter(application=application, revoked_at=None)
    lent = (
        live,
        ConsentGrant.objects.filter(application=application),
        AppRoleGrant.objects.filter(application=application),
    )
    tenants = {application.tenant_id}.union(*(rows.values_list("tenant_id", flat=True) for rows in lent))
    live.update(revoked_at=now)
    announce(
        EventType.APPLICATION_REVOKED, [Subject(tenant, None, application_id=application.pk) for tenant in tenants]
    )


def _record(action: RevocationAction, application: Application, tenant: Tenant, actor: str, **detail: Any) -> None:
    record_audit(
        action=action,
        actor=actor,
        tenant_id=tenant.pk,
        subject=str(application.pk),
        detail={"application": application.name, **detail},
    )


def _end(account: User) -> None:
    now = timezone.now()
    ProviderSession.objects.filter(account=account, ended_at=None, expires_at__gt=now).update(ended_at=now)
    transaction.on_commit(lambda: announce_revocation(account))
