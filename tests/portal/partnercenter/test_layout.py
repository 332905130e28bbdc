"""How full pages lie on a desk's screen and on paper, in Chromium."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import PartnerTenant, User
from tests.axe import captured, chromium_page, served_by
from tests.portal.business import (
    START,
    make_contact,
    make_customer,
    make_invoice,
    make_line,
    make_request,
    make_subscription,
)
from tests.portal.conftest import SignIn

HOST = "http://localhost:8000"
REQUESTS = "/dashboard/v2/support/customers"
INVOICE = "/dashboard/billing/invoices/G100"


@pytest.fixture(autouse=True)
def signed_in(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra)


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_the_list_of_requests_fits_a_small_desk_screen(client: Client, contoso: PartnerTenant, language: str) -> None:
    for number in range(3):
        customer = make_customer(contoso, "Издательство «Горизонт»", f"horizon{number}.example")
        make_request(
            customer,
            "Письма попадают в нежелательную почту",
            number=f"2611{number:010}",
            at=START,
            status="attention_needed",
            severity="critical",
        )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    pages = {REQUESTS: captured(client, REQUESTS)}
    with chromium_page(viewport={"width": 1280, "height": 900}) as page:
        page.route(f"{HOST}/**", served_by(client, HOST, pages))
        page.goto(f"{HOST}{REQUESTS}")
        hidden = page.locator(".table-box").evaluate("box => box.scrollWidth - box.clientWidth")
    assert hidden == 0


def test_paper_carries_no_buttons_and_a_long_table_starts_below_its_heading(
    client: Client, contoso: PartnerTenant
) -> None:
    customer, invoice = make_customer(contoso), make_invoice(contoso)
    make_contact(customer)
    make_subscription(customer)
    for _line in range(30):
        make_line(invoice, customer)
    address = f"/commerce/customers/{customer.tenant_id}"
    pages = {each: captured(client, each) for each in (INVOICE, address)}
    with chromium_page() as page:
        page.route(f"{HOST}/**", served_by(client, HOST, pages))
        page.emulate_media(media="print")
        page.goto(f"{HOST}{address}")
        assert page.locator(".button:visible").count() == 0
        page.goto(f"{HOST}{INVOICE}")
        assert page.locator(".table-box").evaluate("box => getComputedStyle(box).breakInside") == "auto"
        assert page.locator(".section h2").first.evaluate("title => getComputedStyle(title).breakAfter") == "avoid"
