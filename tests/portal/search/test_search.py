"""Search (M17): what a person finds depends on the rule of the area the result lies in."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from tests.portal.business import make_customer, make_invoice, make_line, make_request
from tests.portal.security.logs import make_alert

SignIn = Callable[..., object]
URL = "/dashboard/search"


@pytest.fixture(autouse=True)
def world(contoso: PartnerTenant) -> None:
    customer = make_customer(contoso, "Coffee House", "coffeehouse.example")
    make_request(customer, "Coffee machine offline")
    make_line(make_invoice(contoso, "COFFEE100"), customer)
    make_alert(contoso, search_text="ann@coffeehouse.example")


def text(client: Client, query: str = "?q=coffee") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


CUSTOMER, REQUEST, INVOICE = "/commerce/customers/", "Coffee machine offline", "/invoices/COFFEE100"
ALERT = "/dashboard/security/alerts/"


@pytest.mark.requirement("M17")
@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        (Role.ADMIN_AGENT, [CUSTOMER, REQUEST, INVOICE, ALERT], []),
        (Role.SALES_AGENT, [CUSTOMER], [REQUEST, INVOICE, ALERT]),
        (Role.HELPDESK_AGENT, [CUSTOMER, REQUEST], [INVOICE]),
        (Role.BILLING_ADMIN, [INVOICE], [CUSTOMER, REQUEST]),
        (Role.GLOBAL_ADMIN, [INVOICE], [CUSTOMER, REQUEST]),
        (Role.SECURITY_ADMIN, [ALERT], [CUSTOMER, REQUEST, INVOICE]),
    ],
)
def test_each_role_finds_what_its_areas_hold(
    client: Client, alejandra: User, sign_in: SignIn, role: Role, seen: list[str], unseen: list[str]
) -> None:
    sign_in(client, alejandra, roles=[role])
    page = text(client)
    assert all(words in page for words in seen)
    assert not any(words in page for words in unseen)


@pytest.mark.requirement("M17", "M11")
def test_without_mfa_nothing_protected_is_found_and_each_area_offers_to_verify(
    client: Client, alejandra: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra, mfa=False)
    page = text(client)
    assert REQUEST not in page
    assert INVOICE not in page
    assert "Coffee House" not in page
    assert 'href="/commerce/customers?q=coffee"' in page
    assert 'href="/dashboard/v2/support/customers?q=coffee"' in page
    assert 'href="/dashboard/billing?q=coffee"' in page
    assert 'href="/dashboard/security/alerts?q=coffee"' in page
    assert page.count("This area opens after you verify your identity.") == 4


@pytest.mark.requirement("M17", "M12")
def test_areas_left_out_for_the_role_are_named_with_the_roles_needed(
    client: Client, alejandra: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra, roles=[Role.SALES_AGENT])
    page = text(client)
    assert "Customer requests were not searched: that needs one of the roles Admin agent, Helpdesk agent." in page
    assert "Invoices were not searched: that needs one of the roles Admin agent, Billing admin, Global admin." in page


@pytest.mark.requirement("M17", "M14")
def test_a_person_whose_mfa_is_not_recognized_is_told_so(client: Client, trent: User, sign_in: SignIn) -> None:
    make_customer(trent.tenant, "Coffee Corner", "coffeecorner.example")
    sign_in(client, trent, mfa=False, blocked=True)
    page = text(client)
    assert "Coffee Corner" not in page
    assert "multifactor authentication isn't recognized" in page


def test_olga_finds_nothing_of_the_others(client: Client, olga: User, sign_in: SignIn) -> None:
    sign_in(client, olga)
    page = text(client)
    assert "Coffee House" not in page
    assert REQUEST not in page
    assert INVOICE not in page
    assert ALERT not in page


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=a", "?q=%00%00", "?q=" + "x" * 5000])
def test_any_query_is_answered(client: Client, alejandra: User, sign_in: SignIn, query: str) -> None:
    sign_in(client, alejandra)
    text(client, query)


def test_the_query_stays_in_the_box_and_is_shown_as_text(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra)
    page = text(client, "?q=<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_more_matches_add_no_query_and_lead_to_the_list(
    client: Client,
    contoso: PartnerTenant,
    alejandra: User,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sign_in(client, alejandra)
    # Session, customers, requests with customers, invoices, security alerts, log.
    with django_assert_num_queries(6):
        text(client)
    for number in range(12):
        make_customer(contoso, f"Coffee {number}", f"coffee{number}.example")
    with django_assert_num_queries(6):
        page = text(client)
    assert "See all matches" in page


@pytest.mark.requirement("M10")
def test_signed_out_people_are_sent_to_sign_in(client: Client) -> None:
    assert client.get(URL + "?q=coffee")["Location"].startswith("/oidc/authenticate")
