"""Customers, their company and billing profiles."""

from msgspec import UNSET, UnsetType

from api.structs.base import Attributes, Links, Shape


class Address(Shape, frozen=True):
    """Clients write null into what they leave open, here and in profiles."""

    country: str | None = ""
    region: str | None = ""
    city: str | None = ""
    state: str | None = ""
    address_line1: str | None = ""
    address_line2: str | None = ""
    postal_code: str | None = ""
    first_name: str | None = ""
    last_name: str | None = ""
    phone_number: str | None = ""


class CompanyProfile(Shape, frozen=True):
    tenant_id: str = ""
    domain: str = ""
    company_name: str = ""
    email: str | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    links: Links | UnsetType = UNSET
    attributes: Attributes = Attributes(object_type="CustomerCompanyProfile")


class BillingProfile(Shape, frozen=True):
    id: str | None = ""
    first_name: str | None = ""
    last_name: str | None = ""
    email: str | None = ""
    culture: str | None = "en-US"
    language: str | None = "en"
    company_name: str | None = ""
    default_address: Address = Address()
    links: Links | UnsetType = UNSET
    attributes: Attributes = Attributes(object_type="CustomerBillingProfile")


class Customer(Shape, frozen=True):
    """`allow_delegated_access` and the billing profile are in the answer about one customer only."""

    id: str
    commerce_id: str
    company_profile: CompanyProfile
    relationship_to_partner: str
    links: Links
    billing_profile: BillingProfile | UnsetType = UNSET
    allow_delegated_access: bool | UnsetType = UNSET
    custom_domains: list[str] | UnsetType = UNSET
    associated_partner_id: str | UnsetType = UNSET
    attributes: Attributes = Attributes(object_type="Customer")


class NewCompanyProfile(Shape, frozen=True):
    domain: str
    company_name: str | None = ""


class NewCustomer(Shape, frozen=True):
    """What creating a customer takes. The company is named in the company profile or in the billing profile."""

    company_profile: NewCompanyProfile
    billing_profile: BillingProfile
    associated_partner_id: str | None = ""


class CustomerChange(Shape, frozen=True):
    relationship_to_partner: str
