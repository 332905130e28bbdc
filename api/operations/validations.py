"""Checks before something is written: an address, a domain, the rules of a market."""

from functools import partial

from django.forms import ValidationError

from api.call import Call
from api.dispatch import Reply
from api.faults import bad_input, not_found
from api.forms import refusal_of
from api.registry import Auth, Operation, Subject, roles
from api.structs import validations as shapes
from customers.forms import AddressForm, domain_name
from customers.forms.address import PHONE
from customers.forms.customer import LANGUAGES
from customers.markets import CULTURES, MARKETS, POSTAL_CODES
from customers.models import Customer

_IN_FORM = {
    "country": "country",
    "address_line1": "addressLine1",
    "address_line2": "addressLine2",
    "city": "city",
    "region": "state",
    "postal_code": "postalCode",
}


def _address(call: Call) -> Reply:
    body = call.body(shapes.Address)
    form = AddressForm(
        {
            "country": body.country.upper(),
            "address_line1": body.address_line1,
            "address_line2": body.address_line2,
            "city": body.city,
            "region": body.state,
            "postal_code": body.postal_code,
        }
    )
    if not form.is_valid():
        raise refusal_of(form, _IN_FORM)
    return Reply()


def _domain(call: Call) -> Reply:
    """200 for one that cannot be used any more. Whether another partner serves it is not told."""
    try:
        domain = domain_name(call.parts["domain"])
    except ValidationError as error:
        raise bad_input(" ".join(error.messages), "domain") from error
    if not Customer.objects.visible_to(call.caller).filter(domain=domain).exists():
        raise not_found("The domain")
    return Reply()


def _country(call: Call) -> shapes.CountryInformation:
    code = call.parts["country"].upper()
    if code not in MARKETS:
        raise not_found("The country")
    culture, calling_code = CULTURES[code]
    pattern = POSTAL_CODES.get(code, ("", ""))[0]
    languages = [language for language, _name in LANGUAGES]
    return shapes.CountryInformation(
        iso2_code=code,
        default_culture=culture,
        is_state_required=False,
        states=shapes.Values([]),
        supported_languages=shapes.Values(languages),
        supported_cultures=shapes.Values([f"{language}-{code}" for language in languages]),
        is_postal_code_required=True,
        postal_code_regex=f"^{pattern}$" if pattern else "",
        is_city_required=True,
        phone_number_regex=PHONE,
        country_calling_codes=shapes.Values([calling_code]),
        is_vat_id_supported=False,
        is_tax_id_supported=False,
        is_registration_number_supported=False,
    )


_row = partial(Operation, subject=Subject.OTHER, auth=Auth.BOTH, auth_2021=Auth.BOTH, roles=roles("A S H B G"))

OPERATIONS = [
    _row("POST", "validations/address", _address, summary="Check an address", takes=shapes.Address),
    _row("HEAD", "domains/{domain}", _domain, summary="Check whether a domain is taken: 200 taken, 404 free"),
    _row(
        "GET",
        "countryvalidationrules/{country}",
        _country,
        summary="Get the rules of a market",
        gives=shapes.CountryInformation,
    ),
]
