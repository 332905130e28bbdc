"""The answer as pydantic models, for the two frameworks that want them."""

from pydantic import BaseModel


class Attributes(BaseModel):
    objectType: str


class Link(BaseModel):
    uri: str
    method: str
    headers: list[str]


class Links(BaseModel):
    self: Link


class CompanyProfile(BaseModel):
    tenantId: str
    domain: str
    companyName: str
    attributes: Attributes


class Customer(BaseModel):
    id: str
    commerceId: str
    companyProfile: CompanyProfile
    relationshipToPartner: str
    links: Links
    attributes: Attributes


class Page(BaseModel):
    items: list[Customer]
