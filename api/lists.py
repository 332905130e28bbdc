"""The list of calls of the REST API, declared."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activity.models import ApiRequest
from fluent.listing import Column, Filter, Kind, Listing


def _url(row: ApiRequest) -> str:
    return reverse("api:call", args=[row.pk])


def _kind(row: ApiRequest) -> str:
    return "success" if row.status < 400 else "danger" if row.status >= 500 else "warning"


CALLS: Listing[ApiRequest] = Listing(
    name="api-calls",
    caption=_("Calls of the REST API"),
    default_sort="-at",
    placeholder=_("Correlation ID, request ID, person or application"),
    search=("correlation_id__iexact", "request_id__iexact", "application_id__iexact", "user_name__icontains"),
    columns=[
        Column("at", _("When"), lambda row: row.at, sort="at", kind=Kind.MOMENT),
        Column("operation", _("Operation"), lambda row: row.operation.replace("/v{version}", ""), link=_url),
        Column("status", _("Answer"), lambda row: f"{row.status} {row.code}".strip(), kind=Kind.BADGE, badge=_kind),
        Column("who", _("Person"), lambda row: row.user_name or _("The application itself")),
        Column("application", _("Application"), lambda row: row.application_id, kind=Kind.CODE),
        Column("mfa", _("MFA"), lambda row: _("Yes") if row.mfa else _("No")),
        Column("correlation", _("Correlation ID"), lambda row: row.correlation_id, shown=False),
        Column("request", _("Request ID"), lambda row: row.request_id, shown=False),
        Column("ip", _("Address"), lambda row: row.ip, shown=False),
    ],
    filters=[
        Filter(
            "answer",
            _("Answer"),
            "status",
            lambda rows: [("ok", _("Answered")), ("refused", _("Refused")), ("failed", _("Failed here"))],
            narrow=lambda rows, value: {
                "ok": rows.filter(status__lt=400),
                "refused": rows.filter(status__gte=400, status__lt=500),
                "failed": rows.filter(status__gte=500),
            }[value],
        ),
        Filter(
            "mfa",
            _("MFA"),
            "mfa",
            lambda rows: [("yes", _("Yes")), ("no", _("No"))],
            narrow=lambda rows, value: rows.filter(mfa=value == "yes"),
        ),
    ],
)
