"""Search over several areas (M17): a result from a protected area needs that area's rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import Access, Area, Verdict, access_rule
from accounts.models import User
from billing.lists import invoice_url
from billing.models import Invoice
from customers.http import PartnerRequest
from customers.lists import customer_url
from customers.models import Customer
from fluent.listing import matching
from security.alerts.lists import alert_url
from security.models import SecurityAlert
from support.lists import REQUEST_SEARCH, request_url
from support.models import CustomerRequest

SHOWN = 8
OWN = ("search_text",)
SHORTEST, LONGEST = 2, 120


@dataclass(frozen=True)
class Hit:
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Source:
    """Where to search. `all_url` names the list page, which takes the same `q` and asks for MFA if it must."""

    area: str
    title: Promise
    all_url: str
    find: Callable[[User, str], list[Hit]]


@dataclass(frozen=True)
class Found:
    title: Promise
    url: str
    hits: Sequence[Hit]
    more: bool


@dataclass(frozen=True)
class LeftOut:
    """An area that was not searched, and what would open it: a verification, a role, or a fix by an administrator."""

    title: Promise
    outcome: Verdict
    url: str = ""
    roles: Sequence[str] = field(default=())


def _customers(user: User, text: str) -> list[Hit]:
    rows = matching(Customer.objects.visible_to(user), text, OWN).order_by("company_name", "pk")
    return [Hit(row.company_name, row.domain, customer_url(row)) for row in rows[: SHOWN + 1]]


def _requests(user: User, text: str) -> list[Hit]:
    rows = CustomerRequest.objects.visible_to(user).select_related("customer").order_by("-last_modified_date", "-pk")
    return [
        Hit(row.title, f"{row.number} · {row.customer.company_name}", request_url(row))
        for row in matching(rows, text, REQUEST_SEARCH)[: SHOWN + 1]
    ]


def _invoices(user: User, text: str) -> list[Hit]:
    rows = matching(Invoice.objects.visible_to(user), text, OWN).order_by("-invoice_date", "-pk")
    return [Hit(row.number, f"{row.period_start:%Y-%m} · {row.total}", invoice_url(row)) for row in rows[: SHOWN + 1]]


def _alerts(user: User, text: str) -> list[Hit]:
    rows = matching(SecurityAlert.objects.visible_to(user), text, OWN).order_by("-detected_at", "-pk")
    return [
        Hit(row.get_kind_display(), ", ".join(row.affected_resources[:2]), alert_url(row)) for row in rows[: SHOWN + 1]
    ]


SOURCES = (
    Source("customers", _("Customers"), "customers:list", _customers),
    Source("customer-requests", _("Customer requests"), "support:requests", _requests),
    Source("billing", _("Invoices"), "billing:invoices", _invoices),
    Source("security", _("Security alerts"), "security:alerts", _alerts),
)


@access_rule("help")
@require_safe
def search(request: PartnerRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    context: dict[str, Any] = {"search_query": text, "too_short": 0 < len(text) < SHORTEST}
    if len(text) >= SHORTEST:
        found, left_out = _search(request, text)
        context |= {"found": found, "left_out": left_out, "hits": sum(len(each.hits) for each in found)}
    return render(request, "partnercenter/search.html", context)


def _search(request: PartnerRequest, text: str) -> tuple[list[Found], list[LeftOut]]:
    access = cast("Access", request.access)  # type: ignore[attr-defined]
    areas = {area.key: area for area in access.areas}
    found, left_out = [], []
    for source in SOURCES:
        area = areas[source.area]
        url = f"{reverse(source.all_url)}?{urlencode({'q': text})}"
        outcome = access.decide(area).outcome
        if outcome is Verdict.ALLOW:
            hits = source.find(request.user, text)
            found.append(Found(source.title, url, hits[:SHOWN], len(hits) > SHOWN))
        else:
            left_out.append(LeftOut(source.title, outcome, url, _role_names(area)))
    return found, left_out


def _role_names(area: Area) -> list[str]:
    return sorted(str(role.label) for role in area.roles)
