"""Each page of the area, four ways: right role, wrong role, another partner's object, signed out."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from tests.portal.business import make_contact, make_customer

SignIn = Callable[..., object]
ONE = "/commerce/customers/{customer}"
PAGES = [
    "/commerce/customers",
    "/commerce/customers/add",
    ONE,
    ONE + "/edit",
    ONE + "/subscriptions",
    ONE + "/orders",
    ONE + "/contacts/add",
    ONE + "/contacts/{contact}/edit",
    ONE + "/contacts/{contact}/remove",
]
OBJECT_PAGES = PAGES[2:]


def path_of(page: str, partner: PartnerTenant) -> str:
    customer = make_customer(partner)
    return page.format(customer=customer.tenant_id, contact=make_contact(customer).pk)


@pytest.mark.requirement("M3")
@pytest.mark.parametrize("role", [Role.ADMIN_AGENT, Role.SALES_AGENT, Role.HELPDESK_AGENT])
@pytest.mark.parametrize("page", PAGES)
def test_agents_with_mfa_open_every_customer_page(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn, page: str, role: Role
) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(path_of(page, contoso)).status_code == 200


@pytest.mark.requirement("M3", "M12")
@pytest.mark.parametrize("role", [Role.BILLING_ADMIN, Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN])
@pytest.mark.parametrize("page", PAGES)
def test_other_roles_are_forbidden(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn, page: str, role: Role
) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(path_of(page, contoso)).status_code == 403


@pytest.mark.requirement("M10")
@pytest.mark.parametrize("page", PAGES)
def test_signed_out_people_are_sent_to_sign_in(client: Client, contoso: PartnerTenant, page: str) -> None:
    response = client.get(path_of(page, contoso))
    assert response.status_code == 302
    assert response["Location"].startswith("/oidc/authenticate")


@pytest.mark.requirement("M11")
@pytest.mark.parametrize("page", PAGES)
def test_without_mfa_no_page_shows_anything(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn, page: str
) -> None:
    sign_in(client, alejandra, mfa=False)
    response = client.get(path_of(page, contoso))
    assert response.status_code == 302
    assert b"Fourth Coffee" not in response.content


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", OBJECT_PAGES)
def test_another_partners_customer_does_not_exist(
    client: Client, contoso: PartnerTenant, olga: User, sign_in: SignIn, page: str, method: str
) -> None:
    sign_in(client, olga)
    response = getattr(client, method)(path_of(page, contoso))
    assert response.status_code in ({404} if method == "get" else {404, 405})


def test_olga_sees_nobody_elses_customers(client: Client, contoso: PartnerTenant, olga: User, sign_in: SignIn) -> None:
    make_customer(contoso)
    sign_in(client, olga)
    for query in ("", "?q=fourth", "?country=US", "?format=csv"):
        assert b"Fourth Coffee" not in client.get("/commerce/customers" + query).getvalue()


def test_two_partners_of_one_organization_each_see_their_own_record(
    client: Client, contoso: PartnerTenant, olga: User, sign_in: SignIn
) -> None:
    theirs = make_customer(contoso, "As Contoso calls it")
    make_customer(olga.tenant, "As Proseware calls it", tenant_id=theirs.tenant_id)
    sign_in(client, olga)
    text = client.get(f"/commerce/customers/{theirs.tenant_id}").content.decode()
    assert "As Proseware calls it" in text
    assert "As Contoso calls it" not in text


def test_a_contact_is_found_under_its_own_customer_only(
    client: Client, contoso: PartnerTenant, alejandra: User, sign_in: SignIn
) -> None:
    one = make_customer(contoso)
    other = make_customer(contoso, "Other", "other.example")
    sign_in(client, alejandra)
    contact = make_contact(one)
    assert client.get(f"/commerce/customers/{other.tenant_id}/contacts/{contact.pk}/edit").status_code == 404


def test_the_front_door_of_the_area_leads_to_the_list(client: Client, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra)
    assert client.get("/commerce")["Location"] == "/commerce/customers"
