"""Customers, their company and billing profiles."""

from msgspec import UNSET, UnsetType

from api.structs.base import Attributes, Links, Shape


class Address(Shape, frozen=True):
    country: str = ""
    region: str = ""
    city: str = ""
    state: str = ""
    address_line1: str = ""
    address_line2: str = ""
    postal_code: str = ""
    first_name: str = ""
    last_name: str = ""
    phone_number: str = ""


class CompanyProfile(Shape, frozen=True):
    tenant_id: str = ""
    domain: str = ""
    company_name: str = ""
    email: str | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    links: Links | UnsetType = UNSET
    attributes: Attributes = Attributes(object_type="CustomerCompanyProfile")


class BillingProfile(Shape, frozen=True):
    id: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    culture: str = "en-US"
    language: str = "en"
    company_name: str = ""
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
    company_name: str = ""


class NewCustomer(Shape, frozen=True):
    """What creating a customer takes. The company is named in the company profile or in the billing profile."""

    company_profile: NewCompanyProfile
    billing_profile: BillingProfile
    associated_partner_id: str = ""


class CustomerChange(Shape, frozen=True):
    relationship_to_partner: str
