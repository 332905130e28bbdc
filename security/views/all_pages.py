"""What breaks when every page asks for MFA: looked at when somebody asks, in the last 7 days' log (M6)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import Preset, access_rule
from accounts.enforcement import Obstacle
from customers.http import PartnerRequest
from security.all_pages.impact import MOST, Impact, Use, areas_newly_asked, impact_of
from security.all_pages.readiness import Readiness
from security.downloads import file_of

SHOWN = 200
READINESS: dict[Readiness, tuple[Promise, str]] = {
    Readiness.BLOCKED: (_("Likely blocked: their MFA is not recognized"), "danger"),
    Readiness.REGISTER: (_("Has to register a method first"), "warning"),
    Readiness.VERIFY: (_("Verifies"), "success"),
    Readiness.UNKNOWN: (_("Not known: no such enabled account at the last reading"), "neutral"),
}
TITLES: Sequence[Promise] = (
    _("Area"),
    _("User"),
    _("Object ID"),
    _("Operations without MFA"),
    _("Last (UTC)"),
    _("What would happen"),
    _("What stands against it"),
)


@access_rule("security")
@require_safe
def all_pages(request: PartnerRequest) -> HttpResponseBase:
    """The page explains; with `?look=now` it looks, and with `?format=csv` it gives the whole of that as a file."""
    context: dict[str, object] = {
        "areas": areas_newly_asked(),
        "on": settings.ACCESS_PRESET == Preset.ALL_PAGES,
        "most": MOST,
        "shown": SHOWN,
    }
    if request.GET.get("format") == "csv":
        found = impact_of(request.user.tenant, now=timezone.now())
        return file_of("all-pages-without-mfa", TITLES, _lines(found))
    if request.GET.get("look") == "now":
        context |= _told(impact_of(request.user.tenant, now=timezone.now()))
    return render(request, "security/all_pages.html", context)


def _told(found: Impact) -> dict[str, object]:
    people = found.people
    return {
        "impact": found,
        "took": number_format(found.seconds, 1),
        "people": [(people.get(each, 0), label, kind) for each, (label, kind) in READINESS.items()],
        "rows": [(use, *READINESS[use.readiness], _obstacle(use)) for use in found.uses[:SHOWN]],
        "more": len(found.uses) > SHOWN,
    }


def _lines(found: Impact) -> Iterator[Sequence[Any]]:
    for use in found.uses:
        label, _kind = READINESS[use.readiness]
        yield str(use.area.name), use.name, use.user_id, use.operations, use.last, str(label), str(_obstacle(use))
    if found.partial:
        values = {"most": number_format(MOST, use_l10n=True, force_grouping=True)}
        yield [gettext("There were more operations: only the newest %(most)s were looked at.") % values]


def _obstacle(use: Use) -> "str | Promise":
    return Obstacle(use.obstacle).label if use.obstacle else ""
