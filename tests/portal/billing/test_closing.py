"""A month that is over becomes invoices, once; what no invoice has yet is what they will have."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from accounts.models import PartnerTenant, User
from activity.models import AuditRecord
from billing import services
from billing.models import BillingAccount, Invoice, InvoiceCount, LineItem, TaxReceipt
from billing.services import bill, invoice_due
from billing.unbilled import Period, current, previous, unbilled
from customers.changes import Change
from customers.models import PastQuantity, Subscription
from customers.services.subscriptions import change_subscription
from partnercenter.management.commands.loop import Command
from tests.portal.business import make_customer, make_order
from webhooks.models import Delivery, Event
from webhooks.services import register

APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 5, 6, 3, 0, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def account(contoso: PartnerTenant) -> BillingAccount:
    """Billed through March, at 10 percent of tax."""
    return BillingAccount.objects.create(partner=contoso, billed_through=date(2026, 3, 31), tax_percent=10)


@pytest.fixture
def ordered(contoso: PartnerTenant, account: BillingAccount) -> Subscription:
    """Five units at 36.00 dollars a month since January."""
    make_order(make_customer(contoso))
    return Subscription.objects.get()


@pytest.mark.usefixtures("ordered")
def test_a_month_becomes_an_invoice_with_lines_a_receipt_and_an_event(
    alejandra: User, clock: time_machine.Traveller
) -> None:
    register(user=alejandra, url="https://hooks.example/", events=[Event.INVOICE_READY], signature_in_own_header=False)
    assert invoice_due() == 1
    invoice = Invoice.objects.get()
    assert (invoice.total_charges, invoice.currency_code, invoice.line_count) == (19800, "USD", 1)
    assert (invoice.period_start, invoice.period_end) == (date(2026, 4, 1), date(2026, 4, 30))
    assert (invoice.due_date, invoice.payment_state) == (date(2026, 6, 5), "unpaid")
    line = invoice.line_items.get()
    assert (line.charge_type, line.quantity, line.unit_price, line.subtotal, line.tax_total) == (
        "cycle_charge", 5, 3600, 18000, 1800,
    )  # fmt: skip
    receipt = TaxReceipt.objects.get(invoice=invoice)
    assert (receipt.taxable_amount, receipt.tax_total) == (18000, 1800)
    assert receipt.number == f"R{invoice.number[1:]}"
    assert InvoiceCount.objects.get(partner=alejandra.tenant).total == 1
    told = Delivery.objects.get(event="invoice-ready")
    assert told.resource_uri.endswith(f"/v1/invoices/{invoice.number}")
    assert AuditRecord.objects.get(action="invoice.issued").subject == invoice.number


@pytest.mark.usefixtures("ordered")
@pytest.mark.parametrize(("day", "issued"), [(1, 0), (5, 0), (6, 1), (20, 1)])
def test_a_month_is_billed_six_days_after_its_end(clock: time_machine.Traveller, day: int, issued: int) -> None:
    clock.move_to(datetime(2026, 5, day, tzinfo=UTC))
    assert invoice_due() == issued


@pytest.mark.usefixtures("ordered", "clock")
def test_a_partner_that_cannot_be_billed_keeps_no_other_waiting(
    contoso: PartnerTenant, fabrikam: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    BillingAccount.objects.create(partner=fabrikam, billed_through=date(2026, 3, 31))
    make_order(make_customer(fabrikam))
    for broken, billed in ((contoso, fabrikam), (fabrikam, contoso)):
        Invoice.objects.all().delete()
        BillingAccount.objects.update(billed_through=date(2026, 3, 31))

        def fails_for_one(partner: PartnerTenant, month: Period, broken: PartnerTenant = broken) -> list[Invoice]:
            if partner == broken:
                raise ZeroDivisionError
            return bill(partner, month)

        monkeypatch.setattr(services, "bill", fails_for_one)
        with pytest.raises(ExceptionGroup, match="1 failed, 1 done"):
            invoice_due()
        assert [invoice.partner for invoice in Invoice.objects.all()] == [billed]


def test_the_loop_bills_by_itself() -> None:
    assert invoice_due in [duty.act for duty in Command.duties]


@pytest.mark.usefixtures("ordered", "clock")
def test_no_month_is_billed_twice(contoso: PartnerTenant) -> None:
    assert invoice_due() == 1
    assert invoice_due() == 0
    assert bill(contoso, APRIL) == []  # a process that began before the other had ended
    assert Invoice.objects.count() == LineItem.objects.count() == TaxReceipt.objects.count() == 1


@pytest.mark.usefixtures("ordered")
def test_months_that_were_missed_are_billed_one_by_one(clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 8, 6, tzinfo=UTC))
    assert invoice_due() == 4
    found = list(Invoice.objects.order_by("period_start").values_list("period_start", flat=True))
    assert found == [date(2026, month, 1) for month in (4, 5, 6, 7)]


@pytest.mark.usefixtures("clock")
def test_a_partner_is_billed_from_its_first_subscription_on(contoso: PartnerTenant, fabrikam: PartnerTenant) -> None:
    make_order(make_customer(contoso), effective_start_date=date(2026, 3, 17))
    assert invoice_due() == 2
    first, _second = Invoice.objects.order_by("period_start")
    assert (first.period_start, first.total_charges) == (date(2026, 3, 17), 5 * 3600 * 15 // 31 + 1)
    assert not BillingAccount.objects.filter(partner=fabrikam).exists()


@pytest.mark.usefixtures("account", "clock")
def test_each_currency_has_an_invoice_of_its_own_and_each_partner_its_own(
    contoso: PartnerTenant, wingtip: PartnerTenant
) -> None:
    make_order(make_customer(contoso))
    make_order(make_customer(contoso, "Aoba", "aoba.example", "JP"), currency="JPY", price=5400)
    make_order(make_customer(wingtip, "Theirs", "theirs.example"), quantity=1, effective_start_date=date(2026, 4, 1))
    assert invoice_due() == 3
    found = Invoice.objects.order_by("partner__display_name", "currency_code")
    assert list(found.values_list("partner__display_name", "currency_code", "total_charges")) == [
        ("Contoso", "JPY", 29700),
        ("Contoso", "USD", 19800),
        ("Wingtip", "USD", 3600),
    ]


@pytest.mark.usefixtures("account", "clock")
def test_what_is_billed_by_use_has_no_price_by_quantity_and_what_was_never_ordered_none(contoso: PartnerTenant) -> None:
    make_order(make_customer(contoso), unit_type="Usage", quantity=1)
    Subscription.objects.create(
        customer=make_customer(contoso, "B", "b.example"), offer_id="X", offer_name="X", quantity=1,
        creation_date=datetime(2026, 1, 1, tzinfo=UTC), effective_start_date=date(2026, 1, 1),
        commitment_end_date=date(2027, 1, 1),
    )  # fmt: skip
    assert invoice_due() == 0
    assert not Invoice.objects.exists()


def test_a_change_is_charged_from_its_day_on(
    alejandra: User, ordered: Subscription, clock: time_machine.Traveller
) -> None:
    for day, change in ((11, Change(quantity=9)), (11, Change(quantity=8)), (21, Change(status="suspended"))):
        clock.move_to(datetime(2026, 4, day, 12, tzinfo=UTC))
        change_subscription(user=alejandra, subscription=ordered, change=change)
    change_subscription(user=alejandra, subscription=ordered, change=Change(friendly_name="Renamed"))
    assert PastQuantity.objects.count() == 3
    clock.move_to(datetime(2026, 5, 6, tzinfo=UTC))
    invoice_due()
    lines = LineItem.objects.order_by("charge_start").values_list("charge_type", "quantity", "subtotal")
    assert list(lines) == [("cycle_charge", 5, 18000), ("add_quantity", 3, 7200), ("remove_quantity", -8, -9600)]


def test_add_ons_that_are_suspended_with_their_base_cost_nothing_from_then_on(
    alejandra: User, ordered: Subscription, clock: time_machine.Traveller
) -> None:
    make_order(ordered.customer, "Copilot", 2, parent=ordered)
    clock.move_to(datetime(2026, 4, 16, tzinfo=UTC))
    change_subscription(user=alejandra, subscription=ordered, change=Change(status="suspended"))
    clock.move_to(datetime(2026, 5, 6, tzinfo=UTC))
    invoice_due()
    assert Invoice.objects.get().total_charges == 7 * 1800 * 110 // 100


@pytest.mark.usefixtures("ordered")
def test_what_waits_is_what_the_invoice_will_have(contoso: PartnerTenant, clock: time_machine.Traveller) -> None:
    today = date(2026, 5, 4)
    clock.move_to(datetime(2026, 5, 4, tzinfo=UTC))
    waiting = unbilled(contoso.pk, previous(contoso.pk, today))
    running = unbilled(contoso.pk, current(contoso.pk, today))
    assert [pending.total for pending in waiting] == [19800]
    assert [(pending.charge.start, pending.charge.end) for pending in running] == [(date(2026, 5, 1), today)]
    out = StringIO()
    call_command("close_month", stdout=out)
    assert out.getvalue() == "1 invoices issued\n"
    assert list(LineItem.objects.values_list("total_for_customer", flat=True)) == [19800]
    assert unbilled(contoso.pk, previous(contoso.pk, today)) == []
    assert len(unbilled(contoso.pk, current(contoso.pk, today))) == 1


@pytest.mark.usefixtures("ordered")
def test_the_page_shows_the_sums_and_the_file_the_lines(
    client: Client, alejandra: User, sign_in: Callable[..., object], clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 5, 3, 12, tzinfo=UTC))
    sign_in(client, alejandra)
    page = client.get("/dashboard/billing/unbilled")
    assert [str(amount) for amount in page.context["waiting"]] == ["198.00 USD"]
    assert [str(amount) for amount in page.context["running"]] == ["19.16 USD"]
    assert [(name, str(amount)) for name, amount in page.context["customers"]] == [("Fourth Coffee", "217.16 USD")]
    response = client.get("/dashboard/billing/unbilled/file")
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [(row["ChargeStartDate"], row["TotalForCustomer"]) for row in rows] == [
        ("2026-04-01", "198.00"), ("2026-05-01", "19.16"),
    ]  # fmt: skip
    assert 'href="/dashboard/billing/unbilled"' in client.get("/dashboard/billing").content.decode()


@pytest.mark.usefixtures("ordered", "clock")
def test_another_partner_has_none_of_it(client: Client, olga: User, sign_in: Callable[..., object]) -> None:
    sign_in(client, olga)
    page = client.get("/dashboard/billing/unbilled")
    assert (page.context["waiting"], page.context["running"]) == ([], [])
    assert "Everything is invoiced" in page.content.decode()
    assert b"Fourth" not in client.get("/dashboard/billing/unbilled/file").getvalue()


@pytest.mark.usefixtures("ordered")
def test_customers_of_one_name_are_two_on_the_page(
    client: Client, alejandra: User, sign_in: Callable[..., object], clock: time_machine.Traveller
) -> None:
    make_order(make_customer(alejandra.tenant, domain="another.example"), quantity=1)
    clock.move_to(datetime(2026, 5, 1, 12, tzinfo=UTC))
    sign_in(client, alejandra)
    page = client.get("/dashboard/billing/unbilled")
    assert [(name, str(amount)) for name, amount in page.context["customers"]] == [
        ("Fourth Coffee", "204.39 USD"), ("Fourth Coffee", "40.88 USD"),
    ]  # fmt: skip


@pytest.mark.usefixtures("account", "clock")
def test_an_invoice_over_nothing_waits_for_no_payment(contoso: PartnerTenant) -> None:
    make_order(make_customer(contoso), price=0)
    assert invoice_due() == 1
    invoice = Invoice.objects.get()
    assert (invoice.total_charges, invoice.payment_state) == (0, "paid")
