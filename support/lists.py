"""The lists of customer requests and of service incidents, declared."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fluent.listing import Column, Filter, Kind, Listing
from support.models import CustomerRequest, ServiceIncident
from support.models.incident import incident_statuses
from support.models.request import request_statuses, severities
from support.models.topic import support_topics

STATUS_BADGES = {"open": "info", "attention_needed": "warning", "closed": "neutral"}
SEVERITY_BADGES = {"critical": "danger", "moderate": "warning", "minimal": "neutral"}
INCIDENT_BADGES = {"critical": "danger", "warning": "warning", "information": "info", "normal": "success"}


# The name is looked up where it is kept: a customer that is renamed is found under its new name at once.
REQUEST_SEARCH = ("search_text", "customer__search_text")


def request_url(case: CustomerRequest) -> str:
    return reverse("support:request", args=[case.pk])


def _narrow_status(rows: QuerySet[CustomerRequest], value: str) -> QuerySet[CustomerRequest]:
    return rows.exclude(status="closed") if value == "not_closed" else rows.filter(status=value)


REQUESTS: Listing[CustomerRequest] = Listing(
    name="customer-requests",
    caption=_("Customer requests"),
    placeholder=_("Number, title or customer"),
    search=REQUEST_SEARCH,
    default_sort="-changed",
    columns=[
        Column("number", _("Number"), lambda row: row.number, sort="number", kind=Kind.CODE),
        Column("title", _("Title"), lambda row: row.title, sort="title", link=request_url),
        Column("customer", _("Customer"), lambda row: row.customer.company_name, sort="customer__company_name"),
        Column(
            "severity",
            _("Severity"),
            lambda row: row.get_severity_display(),
            kind=Kind.BADGE,
            badge=lambda row: SEVERITY_BADGES[row.severity],
        ),
        Column(
            "status",
            _("Status"),
            lambda row: row.get_status_display(),
            kind=Kind.BADGE,
            badge=lambda row: STATUS_BADGES[row.status],
        ),
        Column("created", _("Opened"), lambda row: row.created_date, sort="created_date", kind=Kind.MOMENT),
        Column(
            "changed", _("Changed"), lambda row: row.last_modified_date, sort="last_modified_date", kind=Kind.MOMENT
        ),
        Column("topic", _("Topic"), lambda row: row.get_topic_display(), shown=False),
        Column("by", _("Last changed by"), lambda row: row.last_updated_by, shown=False),
    ],
    filters=[
        Filter(
            "status",
            _("Status"),
            "status",
            lambda rows: [("not_closed", _("Not closed")), *request_statuses()],
            narrow=_narrow_status,
        ),
        Filter("severity", _("Severity"), "severity", lambda rows: severities()),
        Filter("topic", _("Topic"), "topic", lambda rows: [(str(value), label) for value, label in support_topics()]),
    ],
)

INCIDENTS: Listing[ServiceIncident] = Listing(
    name="service-incidents",
    caption=_("Incidents"),
    placeholder=_("Number, service or title"),
    search=("search_text",),
    default_sort="-updated",
    columns=[
        Column(
            "number",
            _("Number"),
            lambda row: row.number,
            sort="number",
            link=lambda row: reverse("servicehealth:incident", args=[row.number]),
        ),
        Column("service", _("Service"), lambda row: row.workload, sort="workload"),
        Column("title", _("Title"), lambda row: row.title),
        Column(
            "status",
            _("Status"),
            lambda row: row.get_status_display(),
            kind=Kind.BADGE,
            badge=lambda row: INCIDENT_BADGES[row.status],
        ),
        Column("start", _("Began"), lambda row: row.start_time, sort="start_time", kind=Kind.MOMENT),
        Column("updated", _("Updated"), lambda row: row.last_updated_time, sort="last_updated_time", kind=Kind.MOMENT),
    ],
    filters=[Filter("status", _("Status"), "status", lambda rows: incident_statuses())],
)
