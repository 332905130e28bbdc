"""Django REST framework with SimpleJWT."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Customer


class CompanyProfileSerializer(serializers.ModelSerializer):
    tenantId = serializers.UUIDField(source="tenant_id")
    companyName = serializers.CharField(source="company_name")
    attributes = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = ["tenantId", "domain", "companyName", "attributes"]

    def get_attributes(self, row: Customer) -> dict[str, str]:
        return {"objectType": "CustomerCompanyProfile"}


class CustomerSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="tenant_id")
    commerceId = serializers.UUIDField(source="tenant_id")
    companyProfile = CompanyProfileSerializer(source="*")
    relationshipToPartner = serializers.CharField(source="relationship_to_partner")
    links = serializers.SerializerMethodField()
    attributes = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = ["id", "commerceId", "companyProfile", "relationshipToPartner", "links", "attributes"]

    def get_links(self, row: Customer) -> dict[str, Any]:
        return {"self": {"uri": f"/customers/{row.tenant_id}", "method": "GET", "headers": []}}

    def get_attributes(self, row: Customer) -> dict[str, str]:
        return {"objectType": "Customer"}


@api_view(["GET"])
def customers(request: Request) -> Response:
    size = int(request.query_params.get("size", "100"))
    rows = Customer.objects.filter(partner_id=request.auth["tid"]).order_by("company_name", "id")[:size]
    return Response({"items": CustomerSerializer(rows, many=True).data})
