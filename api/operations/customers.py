"""Customers: list, read, create, end the relationship."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import IntegrityError

from api.call import Call
from api.customer import customer_of
from api.dispatch import Reply
from api.faults import Code, Fault, bad_input, conflict
from api.filters import narrowed
from api.forms import refusal_of
from api.operations.profiles import billing_profile, company_profile
from api.paging import SEEK, seek, seek_with
from api.registry import Auth, Operation, Query, Subject, roles
from api.structs import customers as shapes
from api.structs.base import Collection, Link, Links
from customers.forms import CustomerForm
from customers.listed import BY_NAME, COLUMNS, Listed, customers_by_name
from customers.models import Customer, Relationship
from customers.services.customers import RelationshipInUse, add_customer, end_relationship
from customers.services.removal import delete_customer

_FILTERS = {
    ("companyname", "starts_with"): "search_text__startswith",
    ("domain", "starts_with"): "domain__istartswith",
}
_IN_FORM = {
    "company_name": "companyProfile.companyName",
    "domain": "companyProfile.domain",
    "email": "billingProfile.email",
    "language": "billingProfile.language",
    "first_name": "billingProfile.firstName",
    "last_name": "billingProfile.lastName",
    "phone_number": "billingProfile.defaultAddress.phoneNumber",
    "address_line1": "billingProfile.defaultAddress.addressLine1",
    "address_line2": "billingProfile.defaultAddress.addressLine2",
    "city": "billingProfile.defaultAddress.city",
    "region": "billingProfile.defaultAddress.state",
    "postal_code": "billingProfile.defaultAddress.postalCode",
    "country": "billingProfile.defaultAddress.country",
    "associated_partner_id": "associatedPartnerId",
}


def _list(call: Call) -> Collection[shapes.Customer]:
    condition = narrowed(call, _FILTERS)
    if condition is None:
        return seek_with(call, partial(customers_by_name, call.caller), Customer, BY_NAME, _listed)
    rows = Customer.objects.visible_to(call.caller).filter(condition)
    return seek(call, rows.only(*COLUMNS), BY_NAME, _listed, total=rows.count())


def _listed(customer: Customer | Listed) -> shapes.Customer:
    key = str(customer.tenant_id)
    return shapes.Customer(
        id=key,
        commerce_id=key,
        company_profile=shapes.CompanyProfile(
            tenant_id=key, domain=customer.domain, company_name=customer.company_name
        ),
        relationship_to_partner=_relationship(customer),
        links=Links(self_=Link(uri=f"/customers/{key}")),
    )


def _relationship(customer: Customer | Listed) -> str:
    """The wire has no value for customers served through an indirect reseller: to the partner they are reselling."""
    value = customer.relationship_to_partner
    return Relationship.RESELLER.value if value == Relationship.INDIRECT_RESELLER else value


def _get(call: Call) -> shapes.Customer:
    return _whole(customer_of(call))


def _whole(customer: Customer) -> shapes.Customer:
    key = str(customer.tenant_id)
    return shapes.Customer(
        id=key,
        commerce_id=key,
        company_profile=company_profile(customer),
        billing_profile=billing_profile(customer),
        relationship_to_partner=_relationship(customer),
        allow_delegated_access=customer.relationship_to_partner == Relationship.RESELLER,
        custom_domains=[customer.domain],
        associated_partner_id=customer.associated_partner_id,
        links=Links(self_=Link(uri=f"/customers/{key}")),
    )


def _create(call: Call) -> Reply:
    body = call.body(shapes.NewCustomer)
    form = CustomerForm(_form_values(body), user=call.caller)
    if not form.is_valid():
        raise refusal_of(form, _IN_FORM)
    try:
        customer = add_customer(user=call.caller, values=form.cleaned_data)
    except IntegrityError as error:  # somebody else took the domain between check and write
        raise conflict(f"A customer with the domain {body.company_profile.domain} exists.") from error
    return Reply(_whole(customer), headers={"Location": f"/v1/customers/{customer.tenant_id}"})


def _form_values(body: shapes.NewCustomer) -> dict[str, Any]:
    profile, address = body.billing_profile, body.billing_profile.default_address
    indirect = bool(body.associated_partner_id)
    return {
        "company_name": body.company_profile.company_name or profile.company_name,
        "domain": body.company_profile.domain,
        "email": profile.email,
        "country": address.country,
        "relationship_to_partner": Relationship.INDIRECT_RESELLER if indirect else Relationship.RESELLER,
        "associated_partner_id": body.associated_partner_id,
        "first_name": profile.first_name or address.first_name,
        "last_name": profile.last_name or address.last_name,
        "phone_number": address.phone_number,
        "language": (profile.language or "en").partition("-")[0].lower(),
        "address_line1": address.address_line1,
        "address_line2": address.address_line2,
        "city": address.city,
        "region": address.state or address.region,
        "postal_code": address.postal_code,
    }


def _change(call: Call) -> shapes.Customer:
    customer, body = customer_of(call), call.body(shapes.CustomerChange)
    if body.relationship_to_partner.lower() != Relationship.NONE:
        raise bad_input(
            "Only the end of the relationship can be written: relationshipToPartner 'none'.", "relationshipToPartner"
        )
    try:
        end_relationship(user=call.caller, customer=customer)
    except RelationshipInUse as error:
        raise _in_use(error, "relationshipToPartner") from error
    customer.refresh_from_db()
    return _whole(customer)


def _delete(call: Call) -> Reply:
    customer = customer_of(call)
    if not settings.SANDBOX:
        raise Fault(
            HTTPStatus.FORBIDDEN,
            Code.PRIVILEGES,
            "Customers can be deleted in a sandbox only (setting SANDBOX). End the relationship instead: PATCH"
            " relationshipToPartner 'none'.",
        )
    try:
        delete_customer(user=call.caller, customer=customer)
    except RelationshipInUse as error:
        raise _in_use(error) from error
    return Reply()


def _in_use(error: RelationshipInUse, *fields: str) -> Fault:
    return conflict(
        f"The customer has {error.subscriptions} active subscriptions: suspend or cancel them first.", *fields
    )


CUSTOMER_ROLES = roles("A S H")
SELLERS = roles("A S")
_row = partial(Operation, subject=Subject.CUSTOMERS, auth=Auth.APP_USER, auth_2021=Auth.BOTH)
_FILTER = Query("filter", 'JSON: {"Field":"CompanyName" or "Domain","Value":"…","Operator":"starts_with"}.')

OPERATIONS = [
    _row(
        "GET",
        "customers",
        _list,
        roles=CUSTOMER_ROLES,
        summary="List customers",
        gives=Collection[shapes.Customer],
        query=(*SEEK, _FILTER),
    ),
    _row(
        "POST",
        "customers",
        _create,
        roles=SELLERS,
        summary="Create a customer",
        takes=shapes.NewCustomer,
        gives=shapes.Customer,
        status=HTTPStatus.CREATED,
    ),
    _row(
        "GET",
        "customers/{customer_id}",
        _get,
        roles=CUSTOMER_ROLES,
        summary="Get a customer",
        gives=shapes.Customer,
    ),
    _row(
        "PATCH",
        "customers/{customer_id}",
        _change,
        roles=SELLERS,
        summary="End the reseller relationship with a customer",
        takes=shapes.CustomerChange,
        gives=shapes.Customer,
    ),
    _row(
        "DELETE",
        "customers/{customer_id}",
        _delete,
        roles=SELLERS,
        summary="Delete a customer of a sandbox",
        status=HTTPStatus.NO_CONTENT,
    ),
]
