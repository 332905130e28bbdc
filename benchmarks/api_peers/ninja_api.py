"""django-ninja as its documents have it: a bearer class, a response schema that reads the query set's objects."""

from typing import Any

import jwt
from django.http import HttpRequest
from ninja import NinjaAPI, Schema
from ninja.security import HttpBearer

from benchmarks.api_peers import AUDIENCE, PUBLIC_KEY
from customers.models import Customer as Row


class Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> dict[str, Any] | None:
        try:
            return jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"], audience=AUDIENCE)
        except jwt.PyJWTError:
            return None


class Attributes(Schema):
    objectType: str


class Link(Schema):
    uri: str
    method: str = "GET"
    headers: list[str] = []


class Links(Schema):
    self: Link


class CompanyProfile(Schema):
    tenantId: str
    domain: str
    companyName: str
    attributes: Attributes = Attributes(objectType="CustomerCompanyProfile")

    @staticmethod
    def resolve_tenantId(row: Row) -> str:
        return str(row.tenant_id)

    @staticmethod
    def resolve_companyName(row: Row) -> str:
        return row.company_name


class Customer(Schema):
    id: str
    commerceId: str
    companyProfile: CompanyProfile
    relationshipToPartner: str
    links: Links
    attributes: Attributes = Attributes(objectType="Customer")

    @staticmethod
    def resolve_id(row: Row) -> str:
        return str(row.tenant_id)

    @staticmethod
    def resolve_commerceId(row: Row) -> str:
        return str(row.tenant_id)

    @staticmethod
    def resolve_companyProfile(row: Row) -> Row:
        return row

    @staticmethod
    def resolve_relationshipToPartner(row: Row) -> str:
        return row.relationship_to_partner

    @staticmethod
    def resolve_links(row: Row) -> dict[str, Any]:
        return {"self": {"uri": f"/customers/{row.tenant_id}"}}


class Page(Schema):
    items: list[Customer]


api = NinjaAPI(auth=Bearer(), docs_url=None)


@api.get("/customers", response=Page)
def customers(request: HttpRequest, size: int = 100) -> dict[str, Any]:
    return {"items": Row.objects.filter(partner_id=request.auth["tid"]).order_by("company_name", "id")[:size]}
