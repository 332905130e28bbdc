"""The demo's invoices: 24 months, a line for each subscription that ran in the month, one adjustment note.

A month that is not due yet is left to the loop, as every month from then on.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from accounts.models import PartnerTenant
from billing.models import (
    BillingAccount,
    ChargeType,
    DocumentType,
    Invoice,
    InvoiceCount,
    LineItem,
    PaymentState,
    TaxReceipt,
)
from billing.services import ISSUED_AFTER, receipt_values
from customers.models import Subscription
from fluent.listing import folded
from partnercenter.demo.world import Demo, numbers

MONTHS = 24


def seed_invoices(demo: Demo, partner: PartnerTenant, plan: dict[str, Any]) -> None:
    random = numbers("invoices", plan["key"])
    rows = Subscription.objects.filter(customer__partner=partner)
    subscriptions = list(rows.select_related("customer").order_by("id"))
    invoices, lines = [], []
    newest = 1 if _issued(_end(demo, 1)) <= demo.now else 2
    for age in range(MONTHS, 0, -1):
        invoice = _invoice(demo, partner, plan["currency"], newest + age - 1)
        found = list(_lines(demo, plan, invoice, subscriptions, random))
        _add_up(invoice, found, age)
        invoices.append(invoice)
        lines.extend(found)
    Invoice.objects.bulk_create(invoices)
    _adjust(partner, invoices[-3], lines)
    LineItem.objects.bulk_create(lines, batch_size=2000)
    TaxReceipt.objects.bulk_create(_receipts(lines))
    BillingAccount.objects.create(
        partner=partner, billed_through=invoices[-1].period_end, tax_percent=plan["taxPercent"]
    )
    InvoiceCount.objects.update_or_create(partner=partner, defaults={"total": MONTHS + 1})


def _receipts(lines: Iterable[LineItem]) -> list[TaxReceipt]:
    charged: dict[Invoice, list[LineItem]] = defaultdict(list)
    for line in lines:
        charged[line.invoice].append(line)
    return [TaxReceipt(invoice=invoice, **receipt_values(invoice.number, its)) for invoice, its in charged.items()]


def _end(demo: Demo, back: int) -> date:
    return _first_of_month(demo.now.date(), back - 1) - timedelta(days=1)


def _issued(end: date) -> datetime:
    return datetime(end.year, end.month, end.day, 8, tzinfo=UTC) + ISSUED_AFTER


def _first_of_month(today: date, back: int) -> date:
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _number(partner: PartnerTenant, start: date, suffix: str = "") -> str:
    """`G`, the last digit of the tenant, year and month: the same at every run."""
    return f"G{partner.id.int & 0xF}{start:%y%m}00{suffix}"


def _invoice(demo: Demo, partner: PartnerTenant, currency: str, back: int) -> Invoice:
    start = _first_of_month(demo.now.date(), back)
    end = _end(demo, back)
    issued = _issued(end)
    number = _number(partner, start)
    return Invoice(
        number=number,
        partner=partner,
        invoice_date=issued,
        due_date=issued.date() + timedelta(days=30),
        period_start=start,
        period_end=end,
        currency_code=currency,
        search_text=folded(number),
    )


def _lines(
    demo: Demo, plan: dict[str, Any], invoice: Invoice, subscriptions: Iterable[Subscription], random: Random
) -> Iterable[LineItem]:
    offers = {offer["id"]: offer for offer in (*demo.catalog["offers"], *demo.catalog["addOns"])}
    rate = Decimal(demo.catalog["pricePerDollar"][plan["currency"]])
    for subscription in subscriptions:
        if subscription.effective_start_date > invoice.period_end:
            continue
        offer = offers[subscription.offer_id]
        spread = Decimal(random.randint(60, 180)) / 100 if offer["provider"] == "azure" else Decimal(1)
        price = _whole(offer["price"] * rate * spread)
        subtotal = price * subscription.quantity
        tax = _whole(Decimal(subtotal * plan["taxPercent"]) / 100)
        customer = subscription.customer
        is_new = subscription.effective_start_date >= invoice.period_start
        yield LineItem(
            invoice=invoice,
            customer=customer,
            customer_name=customer.company_name,
            subscription_id=subscription.pk,
            billing_provider=offer["provider"],
            charge_type=ChargeType.NEW if is_new else ChargeType.CYCLE,
            offer_id=offer["id"],
            offer_name=offer["name"],
            charge_start=max(invoice.period_start, subscription.effective_start_date),
            charge_end=invoice.period_end,
            quantity=subscription.quantity,
            unit_price=price,
            subtotal=subtotal,
            tax_total=tax,
            total_for_customer=subtotal + tax,
            currency_code=invoice.currency_code,
            search_text=folded(customer.company_name, offer["name"], offer["id"]),
        )


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _add_up(invoice: Invoice, lines: list[LineItem], back: int) -> None:
    """Totals from the lines. The newest invoice is open, the one before partly paid, the older ones paid."""
    invoice.total_charges = sum(line.total_for_customer for line in lines)
    invoice.line_count = len(lines)
    states = {1: PaymentState.UNPAID, 2: PaymentState.PARTLY_PAID}
    invoice.payment_state = states.get(back, PaymentState.PAID)
    paid = {PaymentState.UNPAID: 0, PaymentState.PARTLY_PAID: invoice.total_charges // 2}
    invoice.paid_amount = paid.get(PaymentState(invoice.payment_state), invoice.total_charges)
    if invoice.payment_state != PaymentState.UNPAID:
        invoice.last_payment_date = invoice.invoice_date + timedelta(days=10)


def _adjust(partner: PartnerTenant, amended: Invoice, lines: list[LineItem]) -> None:
    """A credit for the first line of an older invoice."""
    source = next(line for line in lines if line.invoice is amended)
    number = _number(partner, amended.period_start, "A")
    note = Invoice.objects.create(
        number=number,
        partner=partner,
        document_type=DocumentType.ADJUSTMENT_NOTE,
        invoice_date=amended.invoice_date + timedelta(days=12),
        due_date=amended.due_date + timedelta(days=12),
        period_start=amended.period_start,
        period_end=amended.period_end,
        currency_code=amended.currency_code,
        total_charges=-source.total_for_customer,
        paid_amount=-source.total_for_customer,
        payment_state=PaymentState.PAID,
        last_payment_date=amended.invoice_date + timedelta(days=12),
        amends_of=amended,
        line_count=1,
        search_text=folded(number),
    )
    copied = {
        field.attname: getattr(source, field.attname)
        for field in LineItem._meta.concrete_fields
        if field.name not in {"id", "invoice"}
    }
    credit = LineItem(invoice=note, **copied)
    credit.charge_type = ChargeType.CREDIT
    credit.quantity = -credit.quantity
    for name in ("subtotal", "tax_total", "total_for_customer"):
        setattr(credit, name, -getattr(credit, name))
    lines.append(credit)
