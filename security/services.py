"""Snapshots of the security requirements: what is found out daily, and when somebody asks (Q1, Q2, Q6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Cloud, PartnerTenant
from accounts.oidc.graph import NoDirectory, graph_as_application
from accounts.roles import Program
from activity.loop import each
from activity.models import AuditRecord, Channel
from activity.rollups import shares
from activity.services import record_audit
from msgraph.client import GraphRefused, GraphUnavailable
from security.administrators import administrators_of
from security.applications import keep_names, read_names
from security.audit import SecurityAction
from security.causes.findings import replace_findings
from security.causes.gathering import Explained, applications_of, costliest_uses, explain
from security.models import AccountStatus, StatusSnapshot
from security.problems import Problem
from security.reading import Assessed, assessed_accounts
from security.score.figures import score_of
from security.score.rules import VERSION

RETRY_AFTER = timedelta(hours=1)
REFRESH_EVERY = timedelta(minutes=1)
_ALONE = frozenset({Program.OPERATOR})
_LONGEST = 255
_AT_ONCE = 500


class Outcome(StrEnum):
    TAKEN = "taken"
    UNREAD = "unread"
    """Taken, but the directory did not let itself be read."""
    TOO_SOON = "too-soon"
    NOT_OFFERED = "not-offered"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """`again_at`: the moment from which a next wish is granted."""

    outcome: Outcome
    again_at: datetime | None = None


def take_due() -> int:
    """Take what is due now; return how many. One tenant's failure keeps no other waiting: raises at the end."""
    now = timezone.now()
    return each(due(now), lambda tenant: int(take_snapshot(tenant, timezone.now()) is not None))


def due(now: datetime) -> Iterable[PartnerTenant]:
    """The partners of whom today (UTC) nothing was found out yet, nor tried within the last hour."""
    own = StatusSnapshot.objects.filter(tenant=OuterRef("pk"))
    known = own.filter(day=_day(now), enabled_accounts__isnull=False)
    failed = own.filter(enabled_accounts__isnull=True, taken_at__gt=now - RETRY_AFTER)
    tenants = PartnerTenant.objects.filter(~Exists(known), ~Exists(failed), cloud=Cloud.GLOBAL)
    return [tenant for tenant in tenants if tenant.program_set - _ALONE]


def refresh(*, tenant: PartnerTenant, actor: str) -> Refreshed:
    """Take a snapshot because somebody asks, at most once a minute a tenant; what was asked for is audited."""
    if tenant.cloud != Cloud.GLOBAL:
        return Refreshed(Outcome.NOT_OFFERED)
    now = timezone.now()
    with transaction.atomic():
        _lock(tenant)
        wishes = AuditRecord.objects.of_tenant(tenant.pk).filter(action=SecurityAction.STATUS_REFRESHED)
        last = wishes.filter(at__gt=now - REFRESH_EVERY).order_by("-at").values_list("at", flat=True).first()
        if last is not None:
            return Refreshed(Outcome.TOO_SOON, last + REFRESH_EVERY)
        asked = record_audit(
            action=SecurityAction.STATUS_REFRESHED, actor=actor, tenant_id=tenant.pk, subject=tenant.display_name
        )
    taken = take_snapshot(tenant, timezone.now())
    unread = taken is not None and taken.enabled_accounts is None
    return Refreshed(Outcome.UNREAD if unread else Outcome.TAKEN, asked.at + REFRESH_EVERY)


def take_snapshot(tenant: PartnerTenant, now: datetime) -> StatusSnapshot | None:
    """Read the directory and keep what was found; None for a sovereign cloud, where none is taken (Q6).

    A directory that is not there or says no is kept as the day's problem, and the accounts stay as they were found.
    """
    if tenant.cloud != Cloud.GLOBAL:
        return None
    try:
        return _keep(tenant, now, _look(tenant, now), "")
    except NoDirectory:
        return _keep(tenant, now, None, Problem.NO_DIRECTORY)
    except GraphUnavailable:
        return _keep(tenant, now, None, Problem.UNAVAILABLE)
    except GraphRefused as refused:
        return _keep(tenant, now, None, str(refused))


def _look(tenant: PartnerTenant, now: datetime) -> "_Seen":
    """Raises NoDirectory, GraphUnavailable, GraphRefused."""
    graph, uses = graph_as_application(tenant.pk), costliest_uses(tenant, now)
    found = assessed_accounts(graph, now=now, wanted=applications_of(uses))
    accounts = {one.account.id: one for one in found}
    explained = explain(graph, tenant, uses, accounts, now)
    return _Seen(list(accounts.values()), administrators_of(graph), read_names(graph, tenant, now), explained)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look at a directory came to: its accounts, names of applications, and why MFA was missing."""

    accounts: Sequence[Assessed]
    administrators: frozenset[str] | None
    names: Mapping[str, str]
    explained: Sequence[Explained]


@transaction.atomic
def _keep(tenant: PartnerTenant, now: datetime, seen: _Seen | None, problem: str) -> StatusSnapshot:
    """Of two taken at once the later one stays."""
    _lock(tenant)
    newer = StatusSnapshot.objects.filter(tenant=tenant, taken_at__gt=now, taken_at__lte=timezone.now()).first()
    if newer is not None:
        return newer
    enabled = enforced = None
    if seen is not None:
        rows = [_status(tenant, now, one, seen.administrators) for one in seen.accounts]
        enabled = sum(row.enabled for row in rows)
        enforced = sum(row.enabled and row.enforced_by != "" for row in rows)
        _replace(tenant, now, rows)
        keep_names(tenant, seen.names)
        replace_findings(tenant, seen.explained, now)
    found = shares(tenant.pk, now=now)
    portal, api = found[Channel.PORTAL], found[Channel.APP_AND_USER]
    snapshot, _created = StatusSnapshot.objects.update_or_create(
        tenant=tenant,
        day=_day(now),
        defaults={
            "taken_at": now,
            "enabled_accounts": enabled,
            "enforced_accounts": enforced,
            "problem": problem[: StatusSnapshot._meta.get_field("problem").max_length],
            "portal_operations": portal.operations,
            "portal_with_mfa": portal.with_mfa,
            "api_requests": api.operations,
            "api_with_mfa": api.with_mfa,
            "score": score_of(tenant, now=now).percent,
            "score_rules": VERSION,
        },
    )
    return snapshot


def _replace(tenant: PartnerTenant, now: datetime, rows: list[AccountStatus]) -> None:
    AccountStatus.objects.bulk_create(
        rows,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["tenant", "user_id"],
        update_fields=[
            *("display_name", "user_principal_name", "guest", "enabled", "registered"),
            *("enforced_by", "obstacle", "policy", "is_admin", "assessed_at"),
        ],
    )
    AccountStatus.objects.filter(tenant=tenant).exclude(assessed_at=now).delete()


def _status(
    tenant: PartnerTenant, now: datetime, one: Assessed, administrators: frozenset[str] | None
) -> AccountStatus:
    found = one.enforcement
    return AccountStatus(
        tenant=tenant,
        user_id=one.account.id,
        display_name=one.person.name[:_LONGEST],
        user_principal_name=one.person.sign_in_name[:_LONGEST],
        guest=one.person.guest,
        enabled=one.person.enabled,
        registered=one.registered,
        enforced_by=found.by or "",
        obstacle=found.obstacle or "",
        policy=found.policy[:256],
        is_admin=None if administrators is None else one.account.id in administrators,
        assessed_at=now,
    )


def _lock(tenant: PartnerTenant) -> None:
    """Whoever keeps something about this tenant's status does so one after another."""
    PartnerTenant.objects.select_for_update(no_key=True).filter(pk=tenant.pk).first()


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
