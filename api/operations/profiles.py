"""A customer's company and billing profiles."""

import base64
from functools import partial
from typing import Any

from django.forms import model_to_dict

from api.call import Call
from api.customer import customer_of
from api.faults import stale
from api.forms import refusal_of
from api.registry import Auth, Operation, Subject, roles
from api.structs import customers as shapes
from api.structs.base import Attributes, Link, Links
from customers.forms import CustomerForm
from customers.models import Customer
from customers.services import EditConflict
from customers.services.customers import BILLING_FIELDS, COMPANY_FIELDS, edit_customer

_IN_FORM = {
    "company_name": "companyName",
    "email": "email",
    "language": "language",
    "first_name": "firstName",
    "last_name": "lastName",
    "phone_number": "defaultAddress.phoneNumber",
    "address_line1": "defaultAddress.addressLine1",
    "address_line2": "defaultAddress.addressLine2",
    "city": "defaultAddress.city",
    "region": "defaultAddress.state",
    "postal_code": "defaultAddress.postalCode",
    "country": "defaultAddress.country",
}


def etag(customer: Customer) -> str:
    """One for customer and profile: they are one version in the portal's own form too."""
    return base64.b64encode(f"{customer.pk}:{customer.version}".encode()).decode()


def _address(customer: Customer) -> shapes.Address:
    profile = customer.billing_profile
    return shapes.Address(
        country=customer.country,
        region=profile.region,
        city=profile.city,
        state=profile.region,
        address_line1=profile.address_line1,
        address_line2=profile.address_line2,
        postal_code=profile.postal_code,
        first_name=profile.first_name,
        last_name=profile.last_name,
        phone_number=profile.phone_number,
    )


def company_profile(customer: Customer) -> shapes.CompanyProfile:
    key = str(customer.tenant_id)
    return shapes.CompanyProfile(
        tenant_id=key,
        domain=customer.domain,
        company_name=customer.company_name,
        email=customer.email,
        address=_address(customer),
        links=Links(self_=Link(uri=f"/customers/{key}/profiles/company")),
    )


def billing_profile(customer: Customer) -> shapes.BillingProfile:
    profile, key = customer.billing_profile, str(customer.tenant_id)
    return shapes.BillingProfile(
        id=key,
        first_name=profile.first_name,
        last_name=profile.last_name,
        email=profile.email,
        culture=profile.culture,
        language=profile.language,
        company_name=customer.company_name,
        default_address=_address(customer),
        links=Links(self_=Link(uri=f"/customers/{key}/profiles/billing")),
        attributes=Attributes(object_type="CustomerBillingProfile", etag=etag(customer)),
    )


def _company(call: Call) -> shapes.CompanyProfile:
    return company_profile(customer_of(call))


def _billing(call: Call) -> shapes.BillingProfile:
    return billing_profile(customer_of(call))


def _write_billing(call: Call) -> shapes.BillingProfile:
    customer = customer_of(call)
    body = call.body(shapes.BillingProfile)
    call.require_etag(etag(customer))
    form = CustomerForm(_values(customer, body), user=call.caller, customer=customer)
    if not form.is_valid():
        raise refusal_of(form, _IN_FORM)
    try:
        edit_customer(user=call.caller, customer=customer, expected_version=customer.version, values=form.cleaned_data)
    except EditConflict as error:
        raise stale() from error
    return billing_profile(customer_of(call))


def _values(customer: Customer, body: shapes.BillingProfile) -> dict[str, Any]:
    """What the form would hold: the customer as it is, with the whole profile put in its place (RFC 9110, PUT)."""
    address = body.default_address
    return {
        **model_to_dict(customer, fields=COMPANY_FIELDS),
        **model_to_dict(customer.billing_profile, fields=BILLING_FIELDS),
        "version": customer.version,
        "company_name": body.company_name or customer.company_name,
        "email": body.email,
        "country": address.country,
        "first_name": body.first_name or address.first_name,
        "last_name": body.last_name or address.last_name,
        "phone_number": address.phone_number,
        "language": (body.language or customer.billing_profile.language).partition("-")[0].lower(),
        "address_line1": address.address_line1,
        "address_line2": address.address_line2,
        "city": address.city,
        "region": address.state or address.region,
        "postal_code": address.postal_code,
    }


_row = partial(Operation, subject=Subject.CUSTOMERS, auth=Auth.APP_USER, roles=roles("A S H"))

OPERATIONS = [
    _row(
        "GET",
        "customers/{customer_id}/profiles/company",
        _company,
        auth_2021=Auth.APP_USER,
        summary="Get a customer's company profile",
        gives=shapes.CompanyProfile,
    ),
    _row(
        "GET",
        "customers/{customer_id}/profiles/billing",
        _billing,
        auth_2021=Auth.BOTH,
        summary="Get a customer's billing profile",
        gives=shapes.BillingProfile,
    ),
    _row(
        "PUT",
        "customers/{customer_id}/profiles/billing",
        _write_billing,
        auth_2021=Auth.BOTH,
        summary="Replace a customer's billing profile",
        takes=shapes.BillingProfile,
        gives=shapes.BillingProfile,
        if_match=True,
    ),
]
