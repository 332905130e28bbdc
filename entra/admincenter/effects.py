"""What a report-only policy would have changed, by the sign-in log."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from entra.policy.models import ConditionalAccessPolicy
from entra.signin.models import SignIn
from entra.signin.policy_results import PolicyResult

DAYS = 7
_SHOWN = 25
_CHANGED = {PolicyResult.REPORT_ONLY_FAILURE, PolicyResult.REPORT_ONLY_INTERRUPTED}


@dataclass(frozen=True)
class Effect:
    """How many sign-ins it would have asked for more or blocked, how many met it, and the newest it would change."""

    asked: int
    blocked: int
    met: int
    rows: Sequence[tuple[SignIn, PolicyResult]]


def effect_of(policy: ConditionalAccessPolicy) -> Effect:
    pk = str(policy.pk)
    since = timezone.now() - timedelta(days=DAYS)
    rows = SignIn.objects.filter(tenant=policy.tenant_id, at__gte=since).annotate(text=Cast("weighed", TextField()))
    counted: Counter[str] = Counter()
    changed: list[tuple[SignIn, PolicyResult]] = []
    mentioning = rows.filter(text__contains=pk).select_related("account").order_by("-at", "-pk")
    for row in mentioning.iterator(chunk_size=500):
        result = next((one["result"] for one in row.weighed if one["policyId"] == pk), "")
        counted[result] += 1
        if result in _CHANGED and len(changed) < _SHOWN:
            changed.append((row, PolicyResult(result)))
    return Effect(
        asked=counted[PolicyResult.REPORT_ONLY_INTERRUPTED],
        blocked=counted[PolicyResult.REPORT_ONLY_FAILURE],
        met=counted[PolicyResult.REPORT_ONLY_SUCCESS],
        rows=changed,
    )
