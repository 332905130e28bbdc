"""Checks before something is written: addresses, and the rules of a market."""

from api.structs.base import Attributes, Shape


class Address(Shape, frozen=True):
    address_line1: str = ""
    address_line2: str | None = ""
    city: str = ""
    state: str | None = ""
    postal_code: str = ""
    country: str = ""


class Values(Shape, frozen=True):
    value: list[str]


class CountryInformation(Shape, frozen=True):
    """What the portal's own forms check in this market."""

    iso2_code: str
    default_culture: str
    is_state_required: bool
    states: Values
    supported_languages: Values
    supported_cultures: Values
    is_postal_code_required: bool
    postal_code_regex: str
    is_city_required: bool
    phone_number_regex: str
    country_calling_codes: Values
    is_vat_id_supported: bool
    is_tax_id_supported: bool
    is_registration_number_supported: bool
    attributes: Attributes = Attributes(object_type="CountryInformation")
