"""What is behind the figures: lists, and the same as files."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access_rule, held_area_keys
from activity.models import Channel, DailyUse
from activity.rollups import Share, applications, people_without_mfa
from customers.http import PartnerRequest
from security import downloads, wording
from security.applications import application_names
from security.asking.asked import with_last_asked
from security.lists import ACCOUNTS, wanted_accounts
from security.models import AccountStatus
from security.offer import offered_only

MOST = 100
"""Rows on a page; the file has all."""


@access_rule("security-requirements")
@require_safe
@offered_only
def accounts(request: PartnerRequest) -> HttpResponseBase:
    """Every account as the last reading of the directory found it (Q2)."""
    rows = AccountStatus.objects.filter(tenant=request.user.tenant)
    rows = with_last_asked(wanted_accounts(rows, request.GET.get("disabled", "")))
    context = {"asks": "users" in held_area_keys(request)}
    return ACCOUNTS.answer(request, rows, template="security/accounts.html", context=context)


@access_rule("security-requirements")
@require_safe
@offered_only
def portal_requests(request: PartnerRequest) -> HttpResponse:
    """Who used the portal without MFA in the window, the latest first (Q3)."""
    found = list(_people(request)[: MOST + 1])
    context = {"people": found[:MOST], "more": len(found) > MOST, "most": MOST}
    return render(request, "security/portal_requests.html", context)


@access_rule("security-requirements")
@require_safe
@offered_only
def portal_requests_file(request: PartnerRequest) -> StreamingHttpResponse:
    rows = downloads.people_rows(_people(request))
    return downloads.file_of("portal-requests-without-mfa", downloads.PEOPLE_TITLES, rows)


def _people(request: PartnerRequest) -> QuerySet[DailyUse, Any]:
    return people_without_mfa(request.user.tenant_id, channels=(Channel.PORTAL,), now=timezone.now())


@access_rule("security-requirements")
@require_safe
@offered_only
def api_requests(request: PartnerRequest) -> HttpResponse:
    """App+User requests of the window by application, those with most lacking MFA first (Q4)."""
    tenant_id = request.user.tenant_id
    found = list(applications(tenant_id, now=timezone.now())[: MOST + 1])
    context = {
        "applications": list(_told(tenant_id, found[:MOST])),
        "more": len(found) > MOST,
        "most": MOST,
        "most_requests": wording.number(downloads.MOST_REQUESTS),
    }
    return render(request, "security/api_requests.html", context)


def _told(tenant_id: UUID, found: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    names = application_names(tenant_id, [one["application_id"] for one in found])
    for one in found:
        share = Share(one["operations"], one["with_mfa"])
        yield one | {
            "name": names.get(one["application_id"], ""),
            "percent": wording.percent(share.percent),
            "all": share.operations == share.with_mfa,
        }


@access_rule("security-requirements")
@require_safe
@offered_only
def api_requests_file(request: PartnerRequest) -> StreamingHttpResponse:
    tenant_id = request.user.tenant_id
    rows = downloads.application_rows(tenant_id, applications(tenant_id, now=timezone.now()))
    return downloads.file_of("api-requests-summary", downloads.APPLICATION_TITLES, rows)


@access_rule("security-requirements")
@require_safe
@offered_only
def all_api_requests(request: PartnerRequest) -> StreamingHttpResponse:
    rows = downloads.request_rows(request.user.tenant_id, now=timezone.now())
    return downloads.file_of("api-requests", downloads.REQUEST_TITLES, rows)
