"""The list of accounts without a verification method (Q5)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enforcement import Option
from accounts.models import PartnerTenant
from activity.rollups import window
from fluent.listing import Column, Filter, Kind, Listing
from security.asking.asked import asked_at, with_last_asked
from security.asking.rules import AGAIN_AFTER
from security.causes.rules import Cause
from security.causes.words import ASKABLE, TITLES
from security.models import AccountStatus, Finding

CHOICE = "person"


def without_method(tenant: PartnerTenant) -> QuerySet[AccountStatus]:
    """The enabled accounts that the last reading found without a method, but for those that register elsewhere."""
    rows = AccountStatus.objects.filter(tenant=tenant, enabled=True, registered=False, guest=False)
    return with_last_asked(rows.exclude(enforced_by=Option.FEDERATION))


def due(rows: QuerySet[AccountStatus]) -> QuerySet[AccountStatus]:
    """Those who were not asked lately."""
    return rows.filter(Q(asked_at=None) | Q(asked_at__lte=timezone.now() - AGAIN_AFTER))


def _narrow_cause(rows: QuerySet[AccountStatus], value: str) -> QuerySet[AccountStatus]:
    _first, today = window(timezone.now())
    found = Finding.objects.in_window(today).annotate(key=Lower("user_id")).filter(cause=value)
    return rows.filter(Exists(found.filter(tenant=OuterRef("tenant"), key=OuterRef("user_id"))))


def _narrow_asked(rows: QuerySet[AccountStatus], value: str) -> QuerySet[AccountStatus]:
    if value == "never":
        return rows.filter(Q(asked_at=None))
    since = timezone.now() - AGAIN_AFTER
    return rows.filter(Q(asked_at__gt=since) if value == "lately" else Q(asked_at__lte=since))


def _enforced_by(row: AccountStatus) -> Any:
    return Option(row.enforced_by).label if row.enforced_by else _("Not enforced")


ASK: Listing[AccountStatus] = Listing(
    name="without-method",
    caption=_("Accounts without a verification method"),
    placeholder=_("Name, user name or object ID"),
    search=("display_name__icontains", "user_principal_name__icontains", "user_id__iexact"),
    default_sort="name",
    columns=[
        Column(CHOICE, _("Ask"), lambda row: row.user_id, kind=Kind.CHOICE, label=lambda row: row.display_name),
        Column("name", _("Name"), lambda row: row.display_name, sort="display_name"),
        Column("sign-in-name", _("User name"), lambda row: row.user_principal_name, sort="user_principal_name"),
        Column("enforced", _("MFA enforced by"), _enforced_by, sort="enforced_by"),
        Column("asked", _("Last asked"), asked_at, kind=Kind.MOMENT),
        Column("id", _("Object ID"), lambda row: row.user_id, shown=False),
    ],
    filters=[
        Filter(
            "cause",
            _("Works without MFA because"),
            "",
            lambda rows: [(one.value, TITLES[one]) for one in Cause if one in ASKABLE],
            narrow=_narrow_cause,
        ),
        Filter(
            "asked",
            _("Last asked"),
            "",
            lambda rows: [
                ("never", _("Never")),
                ("before", _("More than 7 days ago")),
                ("lately", _("In the last 7 days")),
            ],
            narrow=_narrow_asked,
        ),
    ],
)
