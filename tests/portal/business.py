"""Plain factories for customers, invoices and requests, with traits as keyword arguments."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from accounts.models import PartnerTenant
from billing.counts import invoices_changed
from billing.models import Invoice, LineItem, TaxReceipt
from customers.counts import customers_changed
from customers.models import BillingProfile, Contact, Customer, Order, OrderLine, Subscription
from customers.services.customers import search_text
from fluent.listing import folded
from support.counts import requests_changed
from support.models import CustomerRequest
from support.services.requests import search_text as request_search_text

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def make_customer(
    partner: PartnerTenant,
    name: str = "Fourth Coffee",
    domain: str = "fourthcoffee.example",
    country: str = "US",
    *,
    tenant_id: UUID | None = None,
    added: datetime = START,
    **values: object,
) -> Customer:
    tenant_id = tenant_id or uuid4()
    customer = Customer.objects.create(
        partner=partner,
        tenant_id=tenant_id,
        company_name=name,
        domain=domain,
        email=f"office@{domain}",
        country=country,
        created_at=added,
        updated_at=added,
        search_text=search_text(company_name=name, domain=domain, tenant_id=tenant_id),
        **values,
    )
    BillingProfile.objects.create(
        customer=customer, first_name="Ana", last_name="Bowman", address_line1="1 Mill Lane", city="Seattle",
        postal_code="98101",
    )  # fmt: skip
    customers_changed(partner.pk, by=1)
    return customer


def make_customers(partner: PartnerTenant, count: int, *, first: int = 0) -> list[Customer]:
    return [
        make_customer(partner, f"Customer {n:03}", f"customer{n:03}.example", added=START + timedelta(hours=n))
        for n in range(first, first + count)
    ]


def make_contact(customer: Customer, first: str = "Carla", last: str = "Meyers", **values: object) -> Contact:
    values.setdefault("email", f"{first.lower()}@{customer.domain}")
    return Contact.objects.create(customer=customer, first_name=first, last_name=last, **values)


def make_subscription(
    customer: Customer, name: str = "Microsoft 365 E3", quantity: int = 5, **values: object
) -> Subscription:
    values = {"effective_start_date": date(2026, 1, 5), "commitment_end_date": date(2027, 1, 4), **values}
    return Subscription.objects.create(
        customer=customer, offer_id="CFQ7TTC0LF8R:0001", offer_name=name, quantity=quantity, creation_date=START,
        **values,
    )  # fmt: skip


def make_order(
    customer: Customer,
    name: str = "Microsoft 365 E3",
    quantity: int = 5,
    *,
    at: datetime = START,
    currency: str = "USD",
    price: int = 3600,
    **values: object,
) -> Order:
    """One line, and the subscription that it became, with these values."""
    order = Order.objects.create(customer=customer, billing_cycle="monthly", currency_code=currency, creation_date=at)
    bought = make_subscription(customer, name, quantity, **values)
    OrderLine.objects.create(
        order=order, number=0, subscription=bought, offer_id="CFQ7TTC0LF8R:0001", friendly_name=name,
        quantity=quantity, term_duration="P1Y", list_price=price, unit_price=price,
    )  # fmt: skip
    return order


def make_invoice(
    partner: PartnerTenant, number: str = "G100", *, total: int = 0, currency: str = "USD", issued: datetime = START
) -> Invoice:
    invoice = Invoice.objects.create(
        number=number, partner=partner, invoice_date=issued, due_date=issued.date() + timedelta(days=30),
        period_start=date(2025, 12, 1), period_end=date(2025, 12, 31), currency_code=currency, total_charges=total,
        search_text=folded(number),
    )  # fmt: skip
    invoices_changed(partner.pk, by=1)
    return invoice


def make_receipt(invoice: Invoice, *, taxable: int = 10000, tax: int = 0) -> TaxReceipt:
    number = f"R{invoice.number.removeprefix('G')}"
    return TaxReceipt.objects.create(invoice=invoice, number=number, taxable_amount=taxable, tax_total=tax)


def make_line(invoice: Invoice, customer: Customer, *, price: int = 600, quantity: int = 5) -> LineItem:
    total = price * quantity
    line = LineItem.objects.create(
        invoice=invoice, customer=customer, customer_name=customer.company_name, offer_id="CFQ7TTC0LH18:0001",
        offer_name="Microsoft 365 Business Basic", charge_start=invoice.period_start, charge_end=invoice.period_end,
        quantity=quantity, unit_price=price, subtotal=total, total_for_customer=total,
        currency_code=invoice.currency_code, search_text=folded(customer.company_name, "Microsoft 365 Business Basic"),
    )  # fmt: skip
    Invoice.objects.filter(pk=invoice.pk).update(
        total_charges=invoice.total_charges + total, line_count=invoice.line_count + 1
    )
    invoice.refresh_from_db()
    return line


def make_request(
    customer: Customer, title: str = "Calls drop", *, number: str = "", at: datetime = START, **values: object
) -> CustomerRequest:
    number = number or str(uuid4().int)[:12]
    case = CustomerRequest.objects.create(
        number=number, partner_id=customer.partner_id, customer=customer, title=title, description="Since Monday.",
        created_by_name="Alejandra", last_updated_by="Alejandra", created_date=at, last_modified_date=at,
        search_text=request_search_text(number=number, title=title), **values,
    )  # fmt: skip
    requests_changed(customer.partner_id, total=1, opened=0 if case.is_closed else 1)
    return case
