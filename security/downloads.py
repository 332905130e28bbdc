"""The files of the report, row by row and never whole in memory (Q3, Q4)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activity.models import ApiRequest, DailyUse
from activity.rollups import Share, window
from fluent.listing.export import as_attachment, csv_lines
from security.applications import application_names

MOST_REQUESTS = 10_000
_BATCH = 1000
_FIELDS = (
    "at",
    "request_id",
    "correlation_id",
    "operation",
    "user_name",
    "application_id",
    "ip",
    "status",
    "mfa",
)
Titles = Sequence["str | Promise"]
PEOPLE_TITLES: Titles = (_("User"), _("Last access (UTC)"), _("Requests without MFA"), _("Object ID"))
APPLICATION_TITLES: Titles = (
    _("Application ID"),
    _("Application"),
    _("Requests"),
    _("With MFA"),
    _("Without MFA"),
    _("Share in percent"),
    _("Last request (UTC)"),
)
REQUEST_TITLES: Titles = (
    _("Time (UTC)"),
    _("Request ID"),
    _("Correlation ID"),
    _("Operation"),
    _("User"),
    _("Application ID"),
    _("Address"),
    _("Status"),
    _("With MFA"),
)


def file_of(name: str, titles: Titles, rows: Iterator[Sequence[Any]]) -> StreamingHttpResponse:
    """The titles leave before the first row is asked for."""
    lines = csv_lines([str(title) for title in titles], rows)
    return as_attachment(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), name)


def people_rows(people: QuerySet[DailyUse, Any]) -> Iterator[Sequence[Any]]:
    for one in people.iterator():
        yield one["name"], one["last"], one["without"], one["user_id"]


def application_rows(tenant_id: UUID, found: QuerySet[DailyUse, Any]) -> Iterator[Sequence[Any]]:
    rows = found.iterator()
    while several := list(islice(rows, _BATCH)):
        names = application_names(tenant_id, [one["application_id"] for one in several])
        for one in several:
            share = Share(one["operations"], one["with_mfa"])
            figures = share.operations, share.with_mfa, share.operations - share.with_mfa, share.percent
            yield one["application_id"], names.get(one["application_id"], ""), *figures, one["last"]


def request_rows(tenant_id: UUID, *, now: datetime, batch: int = _BATCH) -> Iterator[Sequence[Any]]:
    """The newest App+User requests of the window, at most `MOST_REQUESTS`.

    A batch begins where the last one ended, on the index by tenant and time: PostgreSQL plans the cursor of a large
    query for its first rows only, and would hold a snapshot for as long as the download takes. The path is left out,
    because it names customers; the operation is its template.
    """
    first_day, _today = window(now)
    since = datetime.combine(first_day, time(), UTC)
    rows = ApiRequest.objects.filter(tenant_id=tenant_id, at__gte=since).exclude(user_id="").order_by("-at", "-id")
    left, narrowed = MOST_REQUESTS, rows
    while left:
        asked = min(batch, left)
        found = list(narrowed.values_list(*_FIELDS, "id")[:asked])
        for *values, _id in found:
            yield values
        if len(found) < asked:
            return
        left -= asked
        at, last_id = found[-1][0], found[-1][-1]
        narrowed = rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(at=at, id__lt=last_id))
