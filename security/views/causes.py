"""Why MFA was missing: the list, and one person's page (Q5)."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import AREAS, access_rule, held_area_keys
from accounts.roles import Role
from activity.models import Channel
from activity.rollups import window
from customers.http import PartnerRequest
from security.admin_center import Place, address_of
from security.applications import application_names
from security.asking.asked import with_last_asked
from security.causes.below import not_looked_at
from security.causes.gathering import MOST
from security.causes.lists import CAUSES, CHANNELS, application_of
from security.causes.rules import Cause
from security.causes.words import TITLES, fix_of, why
from security.models import Finding
from security.offer import offered_only

MOST_NEW = 100
_AREAS = {area.key: area.name for area in AREAS}
_OF_DIRECTORY = frozenset({Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN, Role.CPV_ADMIN})
"""Who changes its rules; an agent role is of the portal alone."""


@access_rule("security-requirements")
@require_safe
@offered_only
def causes(request: PartnerRequest) -> HttpResponseBase:
    """Each person at each application with the cause, and what was not looked at yet."""
    tenant, now = request.user.tenant, timezone.now()
    rows = with_last_asked(Finding.objects.filter(tenant=tenant).in_window(window(now)[1]))
    newer = not_looked_at(tenant, now, MOST_NEW + 1)
    context = {
        "newer": _told(tenant.pk, newer[:MOST_NEW]),
        "more": len(newer) > MOST_NEW,
        "most_new": MOST_NEW,
        "most": MOST,
        "asks": "users" in held_area_keys(request),
    }
    return CAUSES.answer(request, rows, template="security/causes.html", context=context)


def _told(tenant_id: UUID, rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    names = application_names(tenant_id, {str(row["application_id"]) for row in rows})
    return [
        {
            **row,
            "channel": CHANNELS[Channel(str(row["channel"]))],
            "application": names.get(str(row["application_id"]), row["application_id"]),
        }
        for row in rows
    ]


@access_rule("security-requirements")
@require_safe
@offered_only
def cause(request: PartnerRequest, finding_id: int) -> HttpResponse:
    """Why one person could work without MFA, what shows it, and what to do."""
    tenant = request.user.tenant
    rows = Finding.objects.filter(tenant=tenant).in_window(window(timezone.now())[1])
    found = get_object_or_404(with_last_asked(rows), pk=finding_id)
    detail = found.detail
    context = {
        "found": found,
        "title": TITLES[Cause(found.cause)],
        "was": TITLES[Cause(found.was)] if found.was else "",
        "why": why(found),
        "fix": fix_of(Cause(found.cause), found),
        "through": CHANNELS[Channel(found.channel)],
        "application": application_of(found),
        "detail": detail,
        "area": _AREAS.get(detail.get("call", {}).get("area", ""), ""),
        "received": json.dumps(detail["answer"], indent=2, ensure_ascii=False) if detail.get("answer") else "",
        "sign_in_url": address_of(Place.SIGN_IN, tenant.pk, detail["sign_in"]) if detail.get("sign_in") else "",
        "others": Finding.objects.filter(tenant=tenant, user_id=found.user_id).exclude(pk=found.pk)[:20],
        "manages_directory": not _OF_DIRECTORY.isdisjoint(request.user.roles),
        "ask_url": f"{reverse('asking:list')}?{urlencode({'q': found.user_name})}",
        "manages_users": "users" in held_area_keys(request),
    }
    return render(request, "security/cause.html", context)
