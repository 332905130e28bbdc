"""Billing what is over: a month's charges become an invoice a currency, once."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import PartnerTenant
from activity.loop import each
from activity.services import record_audit
from billing.audit import BillingAction
from billing.counts import invoices_changed
from billing.models import BillingAccount, Invoice, LineItem, TaxReceipt
from billing.models.invoice import PaymentState
from billing.unbilled import Period, as_lines, billed_through, charged, unbilled
from customers.terms import months_later
from fluent.listing import folded
from webhooks.models import Event
from webhooks.services import announce

ISSUED_AFTER = timedelta(days=6)
"""How long after its last day a month is billed: changes of its last hours have arrived by then."""
_TO_PAY_WITHIN = timedelta(days=30)
_DAY = timedelta(days=1)


def invoice_due() -> int:
    """Bill every partner's months whose invoice is due; return how many invoices were issued."""
    return invoice_through(_end_of_month_before(timezone.now().date() - ISSUED_AFTER + _DAY))


def invoice_through(last: date) -> int:
    """Bill every partner's charges through this day, month by month; return how many invoices were issued.

    A partner whose charges cannot be billed keeps no other waiting; raises ExceptionGroup after the last.
    """
    behind = Q(billing_account__isnull=True) | Q(billing_account__billed_through__lt=last)
    something = charged(OuterRef("pk"))

    def bill_months(partner: PartnerTenant) -> int:
        return sum(len(bill(partner, month)) for month in _months(billed_through(partner.pk, last) + _DAY, last))

    return each(PartnerTenant.objects.filter(behind, Exists(something)), bill_months)


def _end_of_month_before(day: date) -> date:
    return day.replace(day=1) - _DAY


def _months(first: date, last: date) -> list[Period]:
    found = []
    while first <= last:
        end = min(last, months_later(first.replace(day=1), 1) - _DAY)
        found.append(Period(first, end))
        first = end + _DAY
    return found


@transaction.atomic
def bill(partner: PartnerTenant, month: Period) -> list[Invoice]:
    """Make of the month's charges an invoice a currency, and tell the partner's receiver; nothing when it is billed.

    `month` begins on the day after the one that is billed through.
    """
    before = month.first - _DAY
    BillingAccount.objects.get_or_create(partner=partner, defaults={"billed_through": before})
    mine = BillingAccount.objects.filter(partner=partner, billed_through=before)
    if not mine.update(billed_through=month.last):  # another process did: two see one row change once
        return []
    by_currency: dict[str, list[LineItem]] = defaultdict(list)
    for line in as_lines(unbilled(partner.pk, month)):
        by_currency[line.currency_code].append(line)
    now = timezone.now()
    return [_issue(partner, month, currency, lines, now) for currency, lines in sorted(by_currency.items())]


def _issue(partner: PartnerTenant, month: Period, currency: str, lines: list[LineItem], now: datetime) -> Invoice:
    number = f"G{month.last:%y%m}{get_random_string(10, '0123456789')}"
    total = sum(line.total_for_customer for line in lines)
    invoice = Invoice.objects.create(
        number=number,
        partner=partner,
        invoice_date=now,
        due_date=now.date() + _TO_PAY_WITHIN,
        period_start=month.first,
        period_end=month.last,
        currency_code=currency,
        total_charges=total,
        payment_state=PaymentState.UNPAID if total else PaymentState.PAID,
        line_count=len(lines),
        search_text=folded(number),
    )
    for line in lines:
        line.invoice = invoice
    LineItem.objects.bulk_create(lines, batch_size=2000)
    TaxReceipt.objects.create(invoice=invoice, **receipt_values(invoice.number, lines))
    _announce(partner.pk, invoice)
    return invoice


def receipt_values(invoice_number: str, lines: list[LineItem]) -> dict[str, str | int]:
    """Number and amounts of the tax receipt of an invoice with these lines."""
    return {
        "number": f"R{invoice_number.removeprefix('G')}",
        "taxable_amount": sum(line.subtotal for line in lines),
        "tax_total": sum(line.tax_total for line in lines),
    }


def _announce(partner_id: UUID, invoice: Invoice) -> None:
    invoices_changed(partner_id, by=1)
    record_audit(
        action=BillingAction.INVOICE_ISSUED,
        actor="system",
        tenant_id=partner_id,
        subject=invoice.number,
        detail={"total": str(invoice.total.amount), "currency": invoice.currency_code},
    )
    announce(Event.INVOICE_READY, partner_id=partner_id, resource_name="invoice", path=f"/v1/invoices/{invoice.number}")
