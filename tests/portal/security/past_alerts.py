"""Alerts with something to read on their pages: one that waits with a note, and one that was judged."""

from django.utils import timezone

from accounts.models import User
from security.alerts.services import add_note
from security.models import KnownPlace, SecurityAlert
from tests.portal.security.logs import changed_role, make_alert


def unusual_sign_in(user: User) -> SecurityAlert:
    now, alert = timezone.now(), make_alert(user.tenant)
    seen = {"network": "203.0.113.0/24", "device": "Firefox, Linux", "first_seen_at": now, "last_seen_at": now}
    KnownPlace.objects.create(tenant=user.tenant, subject="person ann", alert=alert, **seen)
    add_note(user=user, alert=alert, text="Ann was asked by telephone.")
    return alert


def resolved_role_changes(user: User) -> SecurityAlert:
    changed_role(user.tenant, "ann", at=(now := timezone.now()))
    settled = {"status": "resolved", "resolved_reason": "fraud", "resolved_by": "ben", "resolved_at": now}
    return make_alert(
        user.tenant, kind="mass-role-change", condition="ann", first_observed_at=now, last_observed_at=now,
        acted_at=now, **settled,
    )  # fmt: skip
