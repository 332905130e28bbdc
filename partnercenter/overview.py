"""The overview (M1): a card for each area the person's roles reach; protected figures only once MFA was proven."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import sessions
from accounts.access import access_rule, allowed_area_keys, held_area_keys
from accounts.evidence import Outcome, best_proof
from accounts.models import User
from billing.counts import last_invoice
from customers.counts import customer_total
from fluent.shell import Mfa
from security import wording
from security.models import SecurityAlert
from security.offer import is_offered
from security.report import last_snapshot, percents_of
from support.counts import request_counts
from support.models import ServiceIncident


@dataclass(frozen=True)
class Figure:
    value: str
    label: str
    note: str = ""


def _customers(user: User) -> Figure:
    total = customer_total(user)
    return Figure(str(total), ngettext("customer", "customers", total))


def _requests(user: User) -> Figure:
    total = request_counts(user).open
    return Figure(str(total), ngettext("open request", "open requests", total))


def _billing(user: User) -> Figure:
    invoice = last_invoice(user)
    if invoice is None:
        return Figure("—", gettext("No invoices yet"))
    label = gettext("Last invoice: %(number)s") % {"number": invoice.number}
    return Figure(str(invoice.total), label, gettext("Due on %(date)s") % {"date": date_format(invoice.due_date)})


def _security(user: User) -> Figure:
    total = SecurityAlert.objects.visible_to(user).unresolved().count()
    return Figure(str(total), ngettext("unresolved security alert", "unresolved security alerts", total))


def _health(user: User) -> Figure:
    total = ServiceIncident.objects.visible_to(user).unresolved().count()
    if not total:
        return Figure("0", gettext("All services are running"))
    return Figure(str(total), ngettext("service incident", "service incidents", total))


@dataclass(frozen=True)
class Source:
    """Where the card of one area gets its figure, and the page behind it."""

    area: str
    title: Promise
    icon: str
    page: str
    link: Promise
    figure: Callable[[User], Figure]


def _mfa_status(user: User) -> Figure:
    if not is_offered(user.tenant):
        return Figure("—", gettext("Not offered in this cloud"))
    snapshot = last_snapshot(user.tenant)
    if snapshot is None:
        return Figure("—", gettext("Not computed yet"))
    accounts, portal, api = (wording.percent(value) for value in percents_of(snapshot))
    told = {"portal": portal, "api": api, "day": date_format(snapshot.day)}
    note = gettext("Through Partner Center %(portal)s, through API or SDK %(api)s, on %(day)s") % told
    return Figure(accounts, gettext("of the enabled accounts have MFA enforced"), note)


SOURCES = (
    Source("customers", _("Customers"), "people", "customers:list", _("See all customers"), _customers),
    Source(
        "customer-requests", _("Customer requests"), "support", "support:requests", _("See all requests"), _requests
    ),
    Source("billing", _("Billing"), "receipt", "billing:invoices", _("See all invoices"), _billing),
    Source("security", _("Security"), "shield", "security:workspace", _("See the security workspace"), _security),
    Source(
        "service-health",
        _("Service health"),
        "heart-pulse",
        "servicehealth:incidents",
        _("See service health"),
        _health,
    ),
    Source(
        "security-requirements",
        _("MFA status"),
        "shield-task",
        "requirements:status",
        _("See the security requirements status"),
        _mfa_status,
    ),
)


@dataclass(frozen=True)
class Card:
    """What one source shows this person; without a figure the card offers to verify."""

    source: Source
    url: str
    figure: Figure | None


def cards_for(user: User, *, held: frozenset[str], allowed: frozenset[str]) -> list[Card]:
    """The cards of the areas whose role is held; a figure is read only for areas open right now (M11, M17)."""
    return [
        Card(source, reverse(source.page), source.figure(user) if source.area in allowed else None)
        for source in SOURCES
        if source.area in held
    ]


@dataclass(frozen=True)
class Verification:
    """What this session proved, in the words of the last tokens."""

    state: Mfa
    at: datetime | None = None
    methods: tuple[str, ...] = ()


def verification_of(request: HttpRequest) -> Verification:
    session = sessions.of(request)
    evidence = session.evidence if session else ()
    proof = best_proof(evidence)
    if proof is not None:
        return Verification(Mfa.DONE, proof.auth_time or proof.at, proof.amr)
    if evidence and evidence[-1].outcome is Outcome.INCOMPATIBLE:
        return Verification(Mfa.BLOCKED, evidence[-1].at)
    return Verification(Mfa.NOT_DONE, methods=evidence[-1].amr if evidence else ())


@require_safe
@access_rule("overview")
def overview(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- the access middleware lets nobody else reach a page that is not public
    cards = cards_for(user, held=held_area_keys(request), allowed=allowed_area_keys(request))
    context = {"cards": cards, "verification": verification_of(request), "organization": user.tenant.display_name}
    return render(request, "partnercenter/overview.html", context)
