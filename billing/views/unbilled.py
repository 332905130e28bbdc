from collections import defaultdict
from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from accounts.models import User
from billing.lists import UNBILLED
from billing.money import Money
from billing.unbilled import Pending, as_lines, current, previous
from billing.unbilled import unbilled as unbilled_charges
from customers.http import PartnerRequest
from fluent.listing.export import as_attachment, csv_lines

MOST = 100


@access_rule("billing")
@require_safe
def unbilled(request: PartnerRequest) -> HttpResponse:
    """What the next invoices will have: sums a currency, and in each of them the customers, highest first."""
    waiting, running = _waiting(request.user), _running(request.user)
    by_customer: dict[tuple[str, str, int], int] = defaultdict(int)  # amounts of two currencies cannot be compared
    for each in (*waiting, *running):
        by_customer[each.currency, each.customer_name, each.facts.customer_id] += each.total
    ranked = sorted((currency, -amount, name) for (currency, name, _key), amount in by_customer.items())
    context = {
        "waiting": _sums(waiting),
        "running": _sums(running),
        "customers": [(name, Money(-amount, currency)) for currency, amount, name in ranked[:MOST]],
        "more": max(0, len(ranked) - MOST),
    }
    return render(request, "billing/unbilled.html", context)


@access_rule("billing")
@require_safe
def unbilled_file(request: PartnerRequest) -> StreamingHttpResponse:
    """The lines with the columns of the reconciliation file that they have already."""
    lines = as_lines([*_waiting(request.user), *_running(request.user)])
    rows = ([column.value(line) for column in UNBILLED] for line in lines)
    content = csv_lines([str(column.title) for column in UNBILLED], rows)
    return as_attachment(StreamingHttpResponse(content, content_type="text/csv; charset=utf-8"), "unbilled")


def _waiting(user: User) -> list[Pending]:
    return unbilled_charges(user.tenant_id, previous(user.tenant_id, timezone.now().date()))


def _running(user: User) -> list[Pending]:
    return unbilled_charges(user.tenant_id, current(user.tenant_id, timezone.now().date()))


def _sums(pending: Iterable[Pending]) -> list[Money]:
    found: dict[str, int] = defaultdict(int)
    for each in pending:
        found[each.currency] += each.total
    return [Money(amount, currency) for currency, amount in sorted(found.items())]
