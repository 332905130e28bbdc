"""The partner's own profiles."""

from api.structs.base import Attributes, Links, Shape


class PlainAddress(Shape, frozen=True):
    country: str = ""
    city: str = ""
    state: str = ""
    address_line1: str = ""
    address_line2: str | None = ""
    postal_code: str = ""


class PersonalAddress(PlainAddress, frozen=True):
    """With whom to ask for. Clients send what they do not know as null."""

    first_name: str | None = ""
    last_name: str | None = ""
    phone_number: str | None = ""


class Contact(Shape, frozen=True):
    first_name: str = ""
    last_name: str = ""
    email: str | None = ""
    phone_number: str | None = ""


class OrganizationProfile(Shape, frozen=True):
    id: str = ""
    company_name: str = ""
    default_address: PersonalAddress = PersonalAddress()
    tenant_id: str = ""
    domain: str = ""
    email: str | None = ""
    language: str = "en"
    culture: str = "en-US"
    profile_type: str = "OrganizationProfile"
    links: Links = Links()
    attributes: Attributes = Attributes(object_type="OrganizationProfile")


class BillingProfile(Shape, frozen=True):
    company_name: str = ""
    address: PlainAddress = PlainAddress()
    primary_contact: Contact = Contact()
    purchase_order_number: str | None = ""
    tax_id: str | None = ""
    billing_currency: str = "USD"
    profile_type: str = "BillingProfile"
    links: Links = Links()
    attributes: Attributes = Attributes(object_type="BillingProfile")


class SupportProfile(Shape, frozen=True):
    email: str = ""
    telephone: str = ""
    website: str | None = ""
    profile_type: str = "support_profile"
    links: Links = Links()
    attributes: Attributes = Attributes(object_type="PartnerSupportProfile")


class NetworkProfile(Shape, frozen=True):
    mpn_id: str
    links: Links
    profile_type: str = "MpnProfile"
    attributes: Attributes = Attributes(object_type="MpnProfile")


class LegalBusinessProfile(Shape, frozen=True):
    company_name: str
    address: PersonalAddress
    primary_contact: Contact
    company_approver_address: PlainAddress
    company_approver_email: str
    links: Links
    vetting_status: str = "authorized"
    vetting_sub_status: str = "none"
    profile_type: str = "LegalBusinessProfile"
    attributes: Attributes = Attributes(object_type="LegalBusinessProfile")
