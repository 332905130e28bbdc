"""Every row of the registry, called by everybody who should not get through, and by those who should."""

import re
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from api.openapi import document, operation_id
from api.operations import OPERATIONS
from api.registry import Edition, Operation
from tests.portal.api.conftest import Api, known
from tests.portal.business import make_customer
from tests.portal.conftest import make_user

# Typed by hand from requirements A5 and section 1: today's auth, that of 2021, roles by their letters.
BOTH, USER = "both", "app+user"
ONE, SUBSCRIPTION = "customers/{customer_id}", "customers/{customer_id}/subscriptions/{subscription_id}"
SKU = "products/{product_id}/skus/{sku_id}"
EXPECTED = {
    # customers
    ("GET", "customers"): (USER, BOTH, "A S H"),
    ("POST", "customers"): (USER, BOTH, "A S"),
    ("GET", ONE): (USER, BOTH, "A S H"),
    ("PATCH", ONE): (USER, BOTH, "A S"),
    ("DELETE", ONE): (USER, BOTH, "A S"),
    ("GET", f"{ONE}/profiles/company"): (USER, USER, "A S H"),
    ("GET", f"{ONE}/profiles/billing"): (USER, BOTH, "A S H"),
    ("PUT", f"{ONE}/profiles/billing"): (USER, BOTH, "A S H"),
    ("GET", f"{ONE}/qualification"): (USER, BOTH, "A S H"),
    ("PUT", f"{ONE}/qualification"): (USER, USER, "A S"),
    ("GET", f"{ONE}/qualifications"): (USER, BOTH, "A S H"),
    ("POST", f"{ONE}/qualifications"): (USER, USER, "A S"),
    ("GET", f"{ONE}/agreements"): (USER, USER, "A S H"),
    ("POST", f"{ONE}/agreements"): (USER, USER, "A S"),
    ("GET", f"{ONE}/usagebudget"): (USER, BOTH, "A S H"),
    ("PATCH", f"{ONE}/usagebudget"): (USER, BOTH, "A S"),
    ("GET", "customers/all/validations"): (USER, BOTH, "A S H"),
    # transact and manage
    ("GET", f"{ONE}/subscriptions"): (USER, BOTH, "A S H"),
    ("GET", SUBSCRIPTION): (USER, BOTH, "A S H"),
    ("PATCH", SUBSCRIPTION): (USER, BOTH, "A S"),
    ("GET", f"{SUBSCRIPTION}/addons"): (USER, BOTH, "A S H"),
    ("GET", f"{SUBSCRIPTION}/provisioningstatus"): (USER, USER, "A S H"),
    ("GET", f"{SUBSCRIPTION}/registrationstatus"): (USER, BOTH, "A S H"),
    ("GET", f"{ONE}/orders"): (USER, BOTH, "A S H"),
    ("GET", f"{ONE}/orders/{{order_id}}"): (USER, BOTH, "A S H"),
    ("GET", f"{ONE}/orders/{{order_id}}/provisioningstatus"): (USER, USER, "A S H"),
    ("POST", f"{ONE}/orders"): (USER, BOTH, "A S"),
    ("POST", f"{ONE}/carts"): (USER, BOTH, "A S"),
    ("GET", f"{ONE}/carts/{{cart_id}}"): (USER, BOTH, "A S H"),
    ("PUT", f"{ONE}/carts/{{cart_id}}"): (USER, BOTH, "A S"),
    ("POST", f"{ONE}/carts/{{cart_id}}/checkout"): (USER, BOTH, "A S"),
    # discovery
    ("GET", "agreements"): (USER, USER, "A S H B G"),
    ("GET", "offers"): (USER, BOTH, "A S H B G"),
    ("GET", "offers/{offer_id}"): (USER, BOTH, "A S H B G"),
    ("GET", "offers/{offer_id}/addons"): (USER, BOTH, "A S H B G"),
    ("GET", "offercategories"): (USER, BOTH, "A S H B G"),
    ("GET", "products"): (USER, BOTH, "A S H B G"),
    ("GET", "products/{product_id}"): (USER, BOTH, "A S H B G"),
    ("GET", "products/{product_id}/skus"): (USER, BOTH, "A S H B G"),
    ("GET", SKU): (USER, BOTH, "A S H B G"),
    ("GET", f"{SKU}/availabilities"): (USER, BOTH, "A S H B G"),
    ("GET", f"{SKU}/availabilities/{{availability_id}}"): (USER, BOTH, "A S H B G"),
    ("GET", "productpromotions"): (USER, USER, "A S H B G"),
    ("GET", "productpromotions/{promotion_id}"): (USER, USER, "A S H B G"),
    # billing and reconciliation
    ("GET", "invoices"): (USER, BOTH, "A B G"),
    ("GET", "invoices/summary"): (USER, BOTH, "A B G"),
    ("GET", "invoices/summaries"): (USER, USER, "A B G"),
    ("GET", "invoices/estimates/links"): (USER, BOTH, "A B G"),
    ("GET", "invoices/{invoice_id}"): (USER, USER, "A B G"),
    ("GET", "invoices/{invoice_id}/documents/statement"): (USER, USER, "A B G"),
    ("GET", "invoices/{invoice_id}/receipts/{receipt_id}/documents/statement"): (USER, USER, "A B G"),
    ("GET", "invoices/{invoice_id}/lineitems"): (USER, BOTH, "A B G"),
    ("GET", "invoices/{invoice_id}/lineitems/{provider}/{line_item_type}"): (USER, BOTH, "A B G"),
    # support
    ("GET", "servicerequests"): (USER, USER, "A H"),
    ("GET", "servicerequests/supporttopics"): (USER, USER, "A H"),
    ("GET", "servicerequests/{request_id}"): (USER, USER, "A H"),
    ("PATCH", "servicerequests/{request_id}"): (USER, USER, "A H"),
    ("GET", f"{ONE}/servicerequests"): (USER, USER, "A H"),
    ("GET", f"{ONE}/servicerequests/{{request_id}}"): (USER, USER, "A H"),
    ("GET", "serviceincidents"): (BOTH, USER, "A S H B G Y"),
    ("GET", "serviceincidents/{workload}"): (BOTH, USER, "A S H B G Y"),
    # the partner itself
    ("GET", "profiles/organization"): (BOTH, USER, "A G"),
    ("PUT", "profiles/organization"): (USER, USER, "A G"),
    ("GET", "profiles/billing"): (USER, USER, "A G"),
    ("PUT", "profiles/billing"): (USER, USER, "A G"),
    ("GET", "profiles/support"): (USER, USER, "A G"),
    ("PUT", "profiles/support"): (USER, USER, "A G"),
    ("GET", "profiles/mpn"): (USER, USER, "A G"),
    ("GET", "profiles/legalbusiness"): (USER, BOTH, "A G"),
    ("GET", "auditrecords"): (BOTH, BOTH, "A G"),
    # security requirements status: who reads M9
    ("GET", "nonMfaCompliantPartnerPrincipals"): (USER, USER, "A G C"),
    ("GET", "applicationmfaadoptionstatus"): (USER, USER, "A G C"),
    ("GET", "partnerRequests"): (USER, USER, "A G C"),
    # validation and webhooks
    ("POST", "validations/address"): (BOTH, BOTH, "A S H B G"),
    ("HEAD", "domains/{domain}"): (BOTH, BOTH, "A S H B G"),
    ("GET", "countryvalidationrules/{country}"): (BOTH, BOTH, "A S H B G"),
    ("GET", "registration"): (BOTH, BOTH, "A G"),
    ("POST", "registration"): (BOTH, BOTH, "A G"),
    ("PUT", "registration"): (BOTH, BOTH, "A G"),
    ("GET", "registration/events"): (BOTH, BOTH, "A G"),
    ("POST", "registration/validationEvents"): (BOTH, BOTH, "A G"),
    ("GET", "registration/validationEvents/{correlation_id}"): (BOTH, BOTH, "A G"),
}
LETTERS = {
    "A": Role.ADMIN_AGENT,
    "S": Role.SALES_AGENT,
    "H": Role.HELPDESK_AGENT,
    "B": Role.BILLING_ADMIN,
    "G": Role.GLOBAL_ADMIN,
    "Y": Role.SECURITY_ADMIN,
}
ROWS = pytest.mark.parametrize("row", OPERATIONS, ids=operation_id)


def path_of(row: Operation, customer: Any = None) -> str:
    given = {"customer_id": str(customer or uuid4())}
    return re.sub(r"{(\w+)}", lambda part: given.get(part[1], str(uuid4())), row.path)


def call(api: Api, who: User | str, row: Operation, **sent: Any) -> Any:
    body = {"body": {}} if row.takes is not None and "body" not in sent else {}
    return api.call(who, sent.pop("path", path_of(row)), method=row.method, **body, **sent)


@pytest.mark.requirement("A5", "M20")
def test_the_registry_is_what_the_requirement_says() -> None:
    found = {
        (row.method, row.template): (row.auth.value, row.auth_2021.value, {role.letter for role in row.roles})
        for row in OPERATIONS
    }
    assert found == {key: (auth, then, set(letters.split())) for key, (auth, then, letters) in EXPECTED.items()}


def test_no_row_lets_a_person_in_without_mfa() -> None:
    assert all(row.mfa for row in OPERATIONS)


@ROWS
def test_no_token_gets_through(api: Api, row: Operation, db: None) -> None:
    response = api.client.generic(row.method, path_of(row))
    assert response.status_code == 401
    assert row.method == "HEAD" or response.json()["code"] == "800001"


@ROWS
@pytest.mark.requirement("A2", "A3")
def test_no_person_gets_through_without_mfa(api: Api, alejandra: User, row: Operation) -> None:
    user = holding(api, alejandra.tenant, *row.roles)
    response = call(api, api.token_of(user, amr=["pwd"]), row)
    assert (response.status_code, response.reason_phrase) == (401, "Unauthorized - MFA required")
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@ROWS
@pytest.mark.requirement("A5", "A6")
@pytest.mark.parametrize("edition", Edition)
def test_an_application_by_itself_gets_through_where_the_edition_says_so(
    api: Api, alejandra: User, row: Operation, edition: Edition, settings: Settings
) -> None:
    settings.API_EDITION = edition.value
    column = EXPECTED[row.method, row.template][1 if edition is Edition.OF_2021 else 0]
    response = call(api, api.app_only_token(alejandra), row)
    assert (response.status_code == 403) == (column == USER)
    if column == USER and row.method != "HEAD":
        assert response.json()["code"] == "900329"


@ROWS
@pytest.mark.requirement("M20")
def test_no_other_role_gets_through(api: Api, contoso: PartnerTenant, row: Operation) -> None:
    _auth, _then, letters = EXPECTED[row.method, row.template]
    for letter, role in LETTERS.items():
        user = holding(api, contoso, role)
        response = call(api, user, row)
        assert (response.status_code == 403) == (letter not in letters.split()), (letter, response.content)
    assert call(api, holding(api, contoso), row).status_code == 403


@ROWS
@pytest.mark.requirement("S9")
def test_a_cpv_reads_its_own_status_and_nothing_else(api: Api, cpv_admin: User, row: Operation) -> None:
    _auth, _then, letters = EXPECTED[row.method, row.template]
    assert call(api, known(cpv_admin, api), row).status_code == (200 if "C" in letters else 403)


@pytest.mark.parametrize("row", [row for row in OPERATIONS if "{customer_id}" in row.template], ids=operation_id)
def test_another_partners_customer_is_nobodys(api: Api, alejandra: User, olga: User, row: Operation) -> None:
    customer = make_customer(olga.tenant)
    user = holding(api, alejandra.tenant, *row.roles)
    response = call(api, user, row, path=path_of(row, customer.tenant_id))
    assert response.status_code == 404, response.content


@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.takes is not None], ids=operation_id)
@pytest.mark.parametrize("body", ["", "{", "[]", "5", "\x00", '{"a":' * 3000])
def test_a_body_that_is_no_object_is_refused(api: Api, alejandra: User, row: Operation, body: str) -> None:
    customer = make_customer(alejandra.tenant)
    user = holding(api, alejandra.tenant, *row.roles)
    response = api.call(user, path_of(row, customer.tenant_id), method=row.method, body=body)
    assert response.status_code in {400, 404}, response.content


def holding(api: Api, tenant: PartnerTenant, *roles: Role) -> User:
    return known(make_user(tenant, "Robin Role", "robin@contoso.example", roles), api)


def test_the_document_names_every_row_and_what_it_asks() -> None:
    described = document("https://portal.example", Edition.CURRENT)
    assert described["openapi"] == "3.1.0"
    for row in OPERATIONS:
        operation = described["paths"][row.path][row.method.lower()]
        assert operation["x-auth"] == EXPECTED[row.method, row.template][0]
        assert operation["x-mfa"] is True
    assert sum(len(methods) for methods in described["paths"].values()) == len(OPERATIONS)
