"""The status page, how its figures are computed, and *Recompute now* (M9)."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_rule, held_area_keys
from activity.models import Channel
from activity.rollups import window
from customers.http import PartnerRequest
from security import report, wording
from security.causes.below import below
from security.downloads import MOST_REQUESTS
from security.offer import is_offered, offered_only
from security.services import Outcome, refresh


@access_rule("security-requirements")
@require_safe
def status(request: PartnerRequest) -> HttpResponse:
    """The three metrics, where they come from, and how they went."""
    tenant, now = request.user.tenant, timezone.now()
    if not is_offered(tenant):
        return render(request, "security/not_offered.html")
    snapshots = report.snapshots_of(tenant)
    accounts = report.accounts(tenant, snapshots, now=now)
    days = _days(request.GET.get("days", ""))
    portal = report.live(tenant, Channel.PORTAL, wording.operations, now=now)
    api = report.live(tenant, Channel.APP_AND_USER, wording.requests, now=now)
    context = {
        "now": now,
        "window": window(now),
        "accounts": accounts,
        "accounts_whole": wording.at_pace(accounts.whole),
        "portal": portal,
        "api": api,
        "below": below(tenant, snapshots, portal.days, api.days, now=now),
        "asks": "users" in held_area_keys(request),
        "trend": report.trend(snapshots, days, now=now),
        "trend_tabs": [_tab(choice, days) for choice in report.TREND_DAYS],
    }
    return render(request, "security/status.html", context)


def _days(asked: str) -> int:
    return next((days for days in report.TREND_DAYS if str(days) == asked), report.TREND_DAYS[0])


def _tab(days: int, current: int) -> dict[str, object]:
    label = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return {"label": label, "url": f"?days={days}#trend", "current": days == current}


@access_rule("security-requirements")
@require_POST
@offered_only
def recompute(request: PartnerRequest) -> HttpResponseRedirect:
    refreshed = refresh(tenant=request.user.tenant, actor=request.user.user_principal_name)
    if refreshed.outcome is Outcome.TAKEN:
        messages.success(request, _("The figures were computed."))
    elif refreshed.outcome is Outcome.UNREAD:
        messages.warning(request, _("The directory could not be read, so only the other figures were computed."))
    elif refreshed.again_at:
        said = _("The figures were computed less than a minute ago. They can be computed again at %(time)s UTC.")
        messages.info(request, said % {"time": date_format(refreshed.again_at, "H:i:s")})
    return HttpResponseRedirect(reverse("requirements:status"))


@access_rule("security-requirements")
@require_safe
@offered_only
def metrics(request: PartnerRequest) -> HttpResponse:
    """How each figure is computed, and what keeps it below the target."""
    return render(request, "security/metrics.html", {"most": wording.number(MOST_REQUESTS)})
