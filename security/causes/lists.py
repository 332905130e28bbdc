"""The list of why MFA was missing, a row for each person at each application in each channel (Q5)."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activity.models import Channel
from fluent.listing import Column, Filter, Kind, Listing
from security.asking.asked import asked_at
from security.causes.rules import Cause
from security.causes.words import TITLES, why
from security.models import Finding

CHANNELS = {Channel.PORTAL: _("Partner Center"), Channel.APP_AND_USER: _("API or SDK")}


def application_of(row: Finding) -> Any:
    return row.application_name or row.application_id or _("Partner Center")


def _applications(rows: QuerySet[Finding]) -> list[tuple[str, Any]]:
    """Those that occur in the API; the portal is a channel."""
    known = rows.exclude(application_id="").order_by("application_id").values_list("application_id", "application_name")
    return sorted({each: name or each for each, name in known}.items(), key=lambda one: one[1])


CAUSES: Listing[Finding] = Listing(
    name="mfa-causes",
    caption=_("People, those with most operations first"),
    placeholder=_("Person, application or policy"),
    search=("user_name__icontains", "application_name__icontains", "policy__icontains", "application_id__iexact"),
    default_sort="-without",
    columns=[
        Column(
            "user",
            _("User"),
            lambda row: row.user_name,
            sort="user_name",
            link=lambda row: reverse("requirements:cause", args=[row.pk]),
        ),
        Column("cause", _("Cause"), lambda row: TITLES[Cause(row.cause)], sort="cause"),
        Column("channel", _("Through"), lambda row: CHANNELS[Channel(row.channel)], sort="channel"),
        Column("application", _("Application"), application_of, sort="application_name"),
        Column("without", _("Operations without MFA"), lambda row: row.without, sort="without", kind=Kind.NUMBER),
        Column("last", _("Last without MFA"), lambda row: row.last_without_mfa_at, shown=False),
        Column("clears", _("Out of the window on"), lambda row: row.clears_on, sort="clears_on", kind=Kind.DATE),
        Column("why", _("Why"), why, shown=False),
        Column("policy", _("Policy"), lambda row: row.policy, shown=False),
        Column("id", _("Object ID"), lambda row: row.user_id, shown=False),
        Column("application-id", _("Application ID"), lambda row: row.application_id, shown=False),
        Column("asked", _("Last asked to register"), asked_at, shown=False),
    ],
    filters=[
        Filter("cause", _("Cause"), "cause", lambda rows: [(one.value, TITLES[one]) for one in Cause]),
        Filter("channel", _("Through"), "channel", lambda rows: [(one.value, name) for one, name in CHANNELS.items()]),
        Filter("application", _("Application"), "application_id", _applications),
    ],
)  # fmt: skip
