from collections.abc import Iterator
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Sum
from pytest_django import DjangoDbBlocker

from accounts.models import PartnerTenant
from billing.models import Invoice, InvoiceCount, LineItem, TaxReceipt
from customers.models import (
    Agreement,
    Availability,
    Customer,
    CustomerCount,
    Order,
    OrderLine,
    Price,
    Sku,
    SpendingBudget,
    Subscription,
    ValidationCode,
)
from profiles.models import Profile
from support.models import CustomerRequest, RequestCount, ServiceIncident


def seed() -> None:
    call_command("seed_demo", stdout=StringIO())


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Seeded once for all tests here, each of which undoes what it does itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        yield
        transaction.set_rollback(True)


def customers_of(name: str) -> int:
    return Customer.objects.filter(partner__display_name=name).count()


@pytest.mark.usefixtures("seeded", "db")
def test_the_world_has_the_size_promised() -> None:
    assert PartnerTenant.objects.count() >= 5
    assert [customers_of(name) for name in ("Contoso", "Wingtip", "Fabrikam")] == [60, 60, 60]
    assert CustomerRequest.objects.count() == 200
    assert Invoice.objects.filter(partner__display_name="Contoso", document_type="invoice").count() == 24
    assert ServiceIncident.objects.exists()


@pytest.mark.usefixtures("seeded", "db")
def test_every_partner_with_customers_says_who_it_is() -> None:
    for partner in PartnerTenant.objects.filter(customers__isnull=False).distinct():
        kinds = partner.profiles.order_by("kind").values_list("kind", flat=True)
        assert list(kinds) == ["billing", "network", "organization", "support"]
        assert ValidationCode.objects.filter(partner=partner).exists()
        assert Agreement.objects.filter(customer__partner=partner).exists()
    assert SpendingBudget.objects.exists()


@pytest.mark.requirement("V2")
@pytest.mark.usefixtures("seeded", "db")
def test_contoso_is_a_customer_of_wingtip_under_its_own_tenant_id() -> None:
    customer = Customer.objects.get(partner__display_name="Wingtip", company_name="Contoso")
    assert str(customer.tenant_id) == "c0000000-0000-4000-8000-000000000001"
    assert customer.domain == "contoso.example"


@pytest.mark.usefixtures("seeded", "db")
def test_a_second_run_changes_nothing() -> None:
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Customer, Invoice, CustomerRequest, Price, Order, Profile, Agreement)
    ]
    enrolled = list(PartnerTenant.objects.values())
    seed()
    assert [
        list(model.objects.order_by("pk").values())
        for model in (Customer, Invoice, CustomerRequest, Price, Order, Profile, Agreement)
    ] == before
    assert list(PartnerTenant.objects.values()) == enrolled


@pytest.mark.usefixtures("seeded", "db")
def test_what_was_bought_can_be_bought_in_every_market() -> None:
    assert not Subscription.objects.exclude(offer_id__in=Sku.objects.values("pk")).exists()
    assert Availability.objects.filter(country="JP").count() == Sku.objects.count() == 13
    assert set(Price.objects.filter(currency_code="JPY").values_list("sku", flat=True)) == set(
        Sku.objects.values_list("pk", flat=True)
    )


@pytest.mark.usefixtures("seeded", "db")
def test_every_subscription_comes_from_an_order_of_its_customer_at_its_price() -> None:
    assert not Subscription.objects.filter(order_line__isnull=True).exists()
    assert not OrderLine.objects.exclude(subscription__customer=F("order__customer")).exists()
    assert Order.objects.filter(customer__country="JP").exclude(currency_code="JPY").count() == 0
    add_ons = Subscription.objects.exclude(parent=None)
    assert add_ons.filter(parent__customer=F("customer"), quantity__lte=F("parent__quantity")).count() > 20


@pytest.mark.usefixtures("seeded", "db")
def test_prices_are_in_minor_units_of_the_currency() -> None:
    """36.00 dollars a month are 54 hundred yen, which have no smaller unit; a whole year costs twelve times that."""
    found = Price.objects.filter(sku="CFQ7TTC0LF8R:0001", currency_code="JPY")
    prices = {(each.term_duration, each.billing_cycle): each.unit_price for each in found}
    assert prices == {
        ("P1M", "monthly"): 6480,
        ("P1Y", "monthly"): 5400,
        ("P1Y", "annual"): 64800,
        ("P3Y", "annual"): 64800,
    }


@pytest.mark.usefixtures("seeded", "db")
def test_every_counter_agrees_with_the_rows() -> None:
    for partner in PartnerTenant.objects.filter(customers__isnull=False).distinct():
        assert CustomerCount.objects.get(partner=partner).total == partner.customers.count()
        assert InvoiceCount.objects.get(partner=partner).total == partner.invoices.count()
        counted = RequestCount.objects.get(partner=partner)
        assert counted.total == partner.customer_requests.count()
        assert counted.open == partner.customer_requests.exclude(status="closed").count()


@pytest.mark.usefixtures("seeded", "db")
def test_every_invoice_is_the_sum_of_its_lines_and_every_line_adds_up() -> None:
    sums = Invoice.objects.annotate(summed=Sum("line_items__total_for_customer"), lines=Count("line_items"))
    assert not sums.exclude(summed=F("total_charges"), lines=F("line_count")).exists()
    wrong = LineItem.objects.exclude(total_for_customer=F("subtotal") + F("tax_total"))
    assert not wrong.exists()
    yen = Invoice.objects.filter(currency_code="JPY").first()
    assert yen is not None
    assert yen.total.amount == Decimal(yen.total_charges)


@pytest.mark.usefixtures("seeded", "db")
def test_every_invoice_has_a_receipt_of_its_tax() -> None:
    receipts = TaxReceipt.objects.annotate(
        net=Sum("invoice__line_items__subtotal"), tax=Sum("invoice__line_items__tax_total")
    )
    assert not receipts.exclude(net=F("taxable_amount"), tax=F("tax_total")).exists()
    assert receipts.count() == Invoice.objects.count()
    assert TaxReceipt.objects.filter(tax_total__gt=0).exists()
