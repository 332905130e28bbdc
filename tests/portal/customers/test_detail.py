from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from tests.portal.business import (
    START,
    make_contact,
    make_customer,
    make_invoice,
    make_line,
    make_order,
    make_request,
    make_subscription,
)

SignIn = Callable[..., object]


def test_one_page_shows_profile_subscriptions_contacts_requests_and_invoices(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    customer = make_customer(contoso)
    make_subscription(customer)
    make_contact(customer)
    make_request(customer, "Calls drop")
    make_line(make_invoice(contoso, "G777"), customer)
    make_order(customer, "Teams Rooms Pro", 7)
    sign_in(client, alejandra)
    text = client.get(f"/commerce/customers/{customer.tenant_id}").content.decode()
    for words in (
        "fourthcoffee.example",
        "Microsoft 365 E3",
        "Carla Meyers",
        "Calls drop",
        "G777",
        "1 Mill Lane",
        "7\xa0× Teams Rooms Pro",
    ):
        assert words in text


@pytest.mark.requirement("M4", "M5")
def test_a_sales_agent_sees_neither_requests_nor_invoices_there(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    customer = make_customer(contoso)
    make_request(customer, "Calls drop")
    make_line(make_invoice(contoso, "G777"), customer)
    sign_in(client, alejandra, roles=[Role.SALES_AGENT])
    text = client.get(f"/commerce/customers/{customer.tenant_id}").content.decode()
    assert "Calls drop" not in text
    assert "G777" not in text


def test_more_subscriptions_and_contacts_add_no_query(
    client: Client,
    contoso: PartnerTenant,
    alejandra: User,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    customer = make_customer(contoso)
    sign_in(client, alejandra)
    make_subscription(customer)
    make_order(customer)
    # Session, customer, subscriptions, orders, their lines, contacts, invoices, requests, log.
    with django_assert_num_queries(9):
        client.get(f"/commerce/customers/{customer.tenant_id}")
    for number in range(6):
        make_subscription(customer)
        make_contact(customer, email=f"c{number}@fourthcoffee.example")
        make_request(customer)
        make_order(customer)
    with django_assert_num_queries(9):
        client.get(f"/commerce/customers/{customer.tenant_id}")


def test_the_subscription_list_is_sorted_filtered_and_exported(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    customer = make_customer(contoso)
    make_subscription(customer, "Microsoft 365 E3", 5)
    make_subscription(customer, "Teams Rooms Pro", 80)
    sign_in(client, alejandra)
    url = f"/commerce/customers/{customer.tenant_id}/subscriptions"
    rows = client.get(url + "?sort=-quantity").context["page"].rows
    assert [row[0].value for row in rows] == ["Teams Rooms Pro", "Microsoft 365 E3"]
    assert client.get(url + "?status=expired").context["page"].rows == []
    assert b"Teams Rooms Pro" in client.get(url + "?format=csv").getvalue()


def test_the_orders_are_listed_newest_first_and_exported(
    client: Client,
    contoso: PartnerTenant,
    alejandra: User,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    customer = make_customer(contoso)
    make_order(customer, "Microsoft 365 E3", 5)
    make_order(customer, "Teams Rooms Pro", 80, at=START + timedelta(days=1))
    sign_in(client, alejandra)
    url = f"/commerce/customers/{customer.tenant_id}/orders"
    rows = client.get(url).context["page"].rows
    assert [row[1].value for row in rows] == ["80\xa0× Teams Rooms Pro", "5\xa0× Microsoft 365 E3"]
    assert client.get(url + "?status=pending").context["page"].rows == []
    assert b"80\xc2\xa0\xc3\x97 Teams Rooms Pro" in client.get(url + "?format=csv").getvalue()
    with CaptureQueriesContext(connection) as two:
        client.get(url)
    make_order(customer)
    with django_assert_num_queries(len(two)):
        client.get(url)
