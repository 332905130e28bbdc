"""Each page of the area, four ways: right role, wrong role, another partner's object, signed out."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from tests.portal.business import make_customer, make_invoice, make_line, make_receipt

SignIn = Callable[..., object]
ONE = "/dashboard/billing/invoices/G100"
OF_ONE = [ONE, f"{ONE}/reconciliation", f"{ONE}/statement", f"{ONE}/receipts/R100"]
PAGES = ["/dashboard/billing", "/dashboard/billing/unbilled", "/dashboard/billing/unbilled/file", *OF_ONE]


@pytest.fixture(autouse=True)
def invoice(contoso: PartnerTenant) -> None:
    made = make_invoice(contoso, "G100")
    make_line(made, make_customer(contoso))
    make_receipt(made)


@pytest.mark.requirement("M5")
@pytest.mark.parametrize("role", [Role.ADMIN_AGENT, Role.BILLING_ADMIN, Role.GLOBAL_ADMIN])
@pytest.mark.parametrize("page", PAGES)
def test_billing_roles_with_mfa_open_every_billing_page(
    client: Client, alejandra: User, sign_in: SignIn, page: str, role: Role
) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(page).status_code == 200


@pytest.mark.requirement("M5", "M12")
@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.HELPDESK_AGENT, Role.SECURITY_ADMIN])
@pytest.mark.parametrize("page", PAGES)
def test_other_roles_are_forbidden(client: Client, alejandra: User, sign_in: SignIn, page: str, role: Role) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(page).status_code == 403


@pytest.mark.requirement("M10")
@pytest.mark.parametrize("page", PAGES)
def test_signed_out_people_are_sent_to_sign_in(client: Client, page: str) -> None:
    assert client.get(page)["Location"].startswith("/oidc/authenticate")


@pytest.mark.parametrize("page", OF_ONE)
def test_another_partners_invoice_does_not_exist(client: Client, olga: User, sign_in: SignIn, page: str) -> None:
    sign_in(client, olga)
    assert client.get(page).status_code == 404


def test_olga_sees_nobody_elses_invoices(client: Client, olga: User, sign_in: SignIn) -> None:
    sign_in(client, olga)
    for query in ("", "?q=G100", "?format=csv"):
        assert b"/invoices/G100" not in client.get("/dashboard/billing" + query).getvalue()
    assert client.get("/dashboard/billing?q=G100").context["page"].rows == []
