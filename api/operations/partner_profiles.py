"""The partner's own profiles: organization, billing, support, partner network, legal business."""

import base64
from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms

from api.call import Call
from api.faults import not_found, stale
from api.forms import refusal_of
from api.registry import Auth, Operation, Subject, roles
from api.structs import partner_profiles as shapes
from api.structs.base import Attributes, Link, Links
from profiles.forms import BillingForm, OrganizationForm, SupportForm
from profiles.models import Kind, Profile
from profiles.services import ProfileChanged, profile_of, write_profile

_ADDRESS = {
    "country": "country",
    "region": "state",
    "city": "city",
    "address_line1": "addressLine1",
    "address_line2": "addressLine2",
    "postal_code": "postalCode",
}
_PERSON = {"first_name": "firstName", "last_name": "lastName", "phone_number": "phoneNumber"}


def _under(prefix: str, names: Mapping[str, str]) -> dict[str, str]:
    return {field: f"{prefix}.{name}" for field, name in names.items()}


_IN_ORGANIZATION = {
    **_under("defaultAddress", {**_ADDRESS, **_PERSON}),
    **{name: name for name in ("email", "language", "culture")},
    "company_name": "companyName",
}
_IN_BILLING = {
    **_under("address", _ADDRESS),
    **_under("primaryContact", {**_PERSON, "email": "email"}),
    "company_name": "companyName",
    "purchase_order_number": "purchaseOrderNumber",
    "tax_id": "taxId",
    "billing_currency": "billingCurrency",
}
_IN_SUPPORT = {"email": "email", "phone_number": "telephone", "website": "website"}


def _etag(profile: Profile) -> str:
    return base64.b64encode(f"{profile.kind}:{profile.version}".encode()).decode()


def _own(name: str) -> Links:
    return Links(self_=Link(uri=f"/profiles/{name}"))


def _plain(profile: Profile) -> shapes.PlainAddress:
    return shapes.PlainAddress(**_place(profile))


def _personal(profile: Profile) -> shapes.PersonalAddress:
    return shapes.PersonalAddress(
        **_place(profile),
        first_name=profile.first_name,
        last_name=profile.last_name,
        phone_number=profile.phone_number,
    )


def _place(profile: Profile) -> dict[str, str]:
    names = ("country", "city", "address_line1", "address_line2", "postal_code")
    return {**{name: getattr(profile, name) for name in names}, "state": profile.region}


def _contact(profile: Profile) -> shapes.Contact:
    return shapes.Contact(
        first_name=profile.first_name,
        last_name=profile.last_name,
        email=profile.email,
        phone_number=profile.phone_number,
    )


def _organization(profile: Profile) -> shapes.OrganizationProfile:
    key = str(profile.partner_id)
    return shapes.OrganizationProfile(
        id=key,
        company_name=profile.company_name,
        default_address=_personal(profile),
        tenant_id=key,
        domain=profile.domain,
        email=profile.email,
        language=profile.language,
        culture=profile.culture,
        links=_own("organization"),
        attributes=Attributes(object_type="OrganizationProfile", etag=_etag(profile)),
    )


def _billing(profile: Profile) -> shapes.BillingProfile:
    return shapes.BillingProfile(
        company_name=profile.company_name,
        address=_plain(profile),
        primary_contact=_contact(profile),
        purchase_order_number=profile.purchase_order_number,
        tax_id=profile.tax_id,
        billing_currency=profile.billing_currency,
        links=_own("billing"),
        attributes=Attributes(object_type="BillingProfile", etag=_etag(profile)),
    )


def _support(profile: Profile) -> shapes.SupportProfile:
    return shapes.SupportProfile(
        email=profile.email,
        telephone=profile.phone_number,
        website=profile.website,
        links=_own("support"),
        attributes=Attributes(object_type="PartnerSupportProfile", etag=_etag(profile)),
    )


def _get_organization(call: Call) -> shapes.OrganizationProfile:
    return _organization(profile_of(call.caller, Kind.ORGANIZATION))


def _get_billing(call: Call) -> shapes.BillingProfile:
    return _billing(profile_of(call.caller, Kind.BILLING))


def _get_support(call: Call) -> shapes.SupportProfile:
    return _support(profile_of(call.caller, Kind.SUPPORT))


def _get_network(call: Call) -> shapes.NetworkProfile:
    number = profile_of(call.caller, Kind.NETWORK).mpn_id
    if not number:
        raise not_found("The partner's number in the partner network")
    return shapes.NetworkProfile(mpn_id=number, links=_own("mpn"))


def _get_legal(call: Call) -> shapes.LegalBusinessProfile:
    """Of the organization, which is what was vetted when it was enrolled."""
    profile = profile_of(call.caller, Kind.ORGANIZATION)
    return shapes.LegalBusinessProfile(
        company_name=profile.company_name,
        address=_personal(profile),
        primary_contact=_contact(profile),
        company_approver_address=_plain(profile),
        company_approver_email=profile.email,
        links=_own("legalbusiness"),
    )


def _put_organization(call: Call) -> shapes.OrganizationProfile:
    body = call.body(shapes.OrganizationProfile)
    address = body.default_address
    values = {
        **_posted(address),
        "first_name": address.first_name,
        "last_name": address.last_name,
        "phone_number": address.phone_number,
        "company_name": body.company_name,
        "email": body.email,
        "language": body.language,
        "culture": body.culture,
    }
    return _organization(_written(call, Kind.ORGANIZATION, OrganizationForm(values), _IN_ORGANIZATION))


def _put_billing(call: Call) -> shapes.BillingProfile:
    body = call.body(shapes.BillingProfile)
    contact = body.primary_contact
    values = {
        **_posted(body.address),
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "phone_number": contact.phone_number,
        "company_name": body.company_name,
        "purchase_order_number": body.purchase_order_number,
        "tax_id": body.tax_id,
        "billing_currency": body.billing_currency,
    }
    return _billing(_written(call, Kind.BILLING, BillingForm(values), _IN_BILLING))


def _put_support(call: Call) -> shapes.SupportProfile:
    body = call.body(shapes.SupportProfile)
    values = {"email": body.email, "phone_number": body.telephone, "website": body.website}
    return _support(_written(call, Kind.SUPPORT, SupportForm(values), _IN_SUPPORT))


def _posted(address: shapes.PlainAddress) -> dict[str, Any]:
    return {
        "country": address.country,
        "region": address.state,
        "city": address.city,
        "address_line1": address.address_line1,
        "address_line2": address.address_line2,
        "postal_code": address.postal_code,
    }


def _written(call: Call, kind: Kind, form: forms.Form, names: Mapping[str, str]) -> Profile:
    current = profile_of(call.caller, kind)
    call.require_etag(_etag(current))
    if not form.is_valid():
        raise refusal_of(form, names)
    try:
        return write_profile(user=call.caller, kind=kind, expected_version=current.version, values=form.cleaned_data)
    except ProfileChanged as error:
        raise stale() from error


_ROLES = roles("A G")
_get = partial(Operation, "GET", subject=Subject.PROFILES, roles=_ROLES)
_put = partial(Operation, "PUT", subject=Subject.PROFILES, roles=_ROLES, auth_2021=Auth.APP_USER, if_match=True)

OPERATIONS = [
    _get(
        "profiles/organization",
        _get_organization,
        auth=Auth.BOTH,
        auth_2021=Auth.APP_USER,
        summary="Get the partner's organization profile",
        gives=shapes.OrganizationProfile,
    ),
    _put(
        "profiles/organization",
        _put_organization,
        auth=Auth.APP_USER,
        summary="Replace the partner's organization profile",
        takes=shapes.OrganizationProfile,
        gives=shapes.OrganizationProfile,
    ),
    _get(
        "profiles/billing",
        _get_billing,
        auth=Auth.APP_USER,
        auth_2021=Auth.APP_USER,
        summary="Get the partner's billing profile",
        gives=shapes.BillingProfile,
    ),
    _put(
        "profiles/billing",
        _put_billing,
        auth=Auth.APP_USER,
        summary="Replace the partner's billing profile",
        takes=shapes.BillingProfile,
        gives=shapes.BillingProfile,
    ),
    _get(
        "profiles/support",
        _get_support,
        auth=Auth.APP_USER,
        auth_2021=Auth.APP_USER,
        summary="Get the partner's support profile",
        gives=shapes.SupportProfile,
    ),
    _put(
        "profiles/support",
        _put_support,
        auth=Auth.APP_USER,
        summary="Replace the partner's support profile",
        takes=shapes.SupportProfile,
        gives=shapes.SupportProfile,
    ),
    _get(
        "profiles/mpn",
        _get_network,
        auth=Auth.APP_USER,
        auth_2021=Auth.APP_USER,
        summary="Get the partner's number in the partner network",
        gives=shapes.NetworkProfile,
    ),
    _get(
        "profiles/legalbusiness",
        _get_legal,
        auth=Auth.APP_USER,
        auth_2021=Auth.BOTH,
        summary="Get the partner's legal business profile",
        gives=shapes.LegalBusinessProfile,
    ),
]
