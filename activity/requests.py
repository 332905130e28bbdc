"""The log of API requests one by one, for those who want more than the sums of `activity.rollups` (Q4)."""

from datetime import UTC, datetime, time
from uuid import UUID

from django.db.models import QuerySet

from activity.models import ApiRequest
from activity.rollups import window

MOST = 10_000


def newest_of_people(tenant_id: UUID, *, now: datetime) -> QuerySet[ApiRequest]:
    """App+User requests of the window, the newest 10,000 at most, in no order; an app by itself is left out."""
    first, _today = window(now)
    in_window = ApiRequest.objects.filter(tenant_id=tenant_id, at__gte=datetime.combine(first, time.min, UTC))
    newest = in_window.exclude(user_id="").order_by("-at", "-pk")
    return ApiRequest.objects.filter(pk__in=newest.values("pk")[:MOST])
