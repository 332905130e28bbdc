"""Keeping why MFA was missing: what was found replaces what was found before, in the snapshot's transaction (Q5)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import PartnerTenant
from activity.rollups import WINDOW_DAYS
from security.applications import application_names
from security.causes.gathering import Explained
from security.causes.rules import Cause, condition_of
from security.models import Finding

_LONGEST = 255
_AT_ONCE = 500


def replace_findings(tenant: PartnerTenant, explained: Sequence[Explained], now: datetime) -> None:
    """Called inside a transaction by whoever holds the tenant's lock."""
    known = Finding.objects.filter(tenant=tenant)
    before = {_key(row): row.was or row.cause for row in known}
    names = application_names(tenant.pk, {one.use.application for one in explained})
    rows = [_finding(tenant, one, names, now) for one in explained]
    for row in rows:
        was = before.get(_key(row), "")
        row.was = was if row.cause == Cause.TAIL and was != Cause.TAIL else ""
    known.delete()
    Finding.objects.bulk_create(rows, batch_size=_AT_ONCE)


def _key(row: Finding) -> tuple[str, str, str]:
    return row.channel, row.application_id, row.user_id


def _finding(tenant: PartnerTenant, one: Explained, names: dict[str, str], now: datetime) -> Finding:
    use, facts = one.use, one.facts
    account, sign_in = facts.account, facts.sign_in
    return Finding(
        tenant=tenant,
        channel=use.channel,
        user_id=use.user,
        user_name=use.name[:_LONGEST],
        application_id=use.application,
        application_name=(names.get(use.application) or one.application_name)[:_LONGEST] if use.application else "",
        cause=one.cause,
        policy=(account.policy or account.elsewhere)[:256] if account else "",
        policy_id=account.policy_id[:64] if account else "",
        detail=_detail(one),
        signed_in_at=sign_in.at if sign_in else None,
        granted_at=facts.token.auth_time if facts.token else None,
        until=sign_in.waits_until if sign_in else None,
        without=use.without,
        last_without_mfa_at=use.last_without,
        clears_on=use.last_without.astimezone(UTC).date() + timedelta(days=WINDOW_DAYS),
        found_at=now,
    )


def _detail(one: Explained) -> dict[str, Any]:
    facts = one.facts
    account, sign_in = facts.account, facts.sign_in
    told: dict[str, Any] = {
        "condition": condition_of(facts) or "",
        "sign_in": sign_in.id if sign_in else "",
        "correlation_id": sign_in.correlation_id if sign_in else "",
        "gone": account is None,
        "emergency": account is not None and account.break_glass,
        "disabled": account is not None and not account.enabled,
        "enforced_by": (account.by or "") if account else "",
        "registered": account is not None and account.registered,
        "unread": sorted(facts.unread),
        "call": dict(one.call),
        "answer": dict(one.answer),
    }
    return {name: value for name, value in told.items() if value}
