"""Plain Django, PyJWT and the standard library's json."""

import jwt
from django.http import HttpRequest, HttpResponse, JsonResponse

from benchmarks.api_peers import AUDIENCE, PUBLIC_KEY, item
from customers.models import Customer


def customers(request: HttpRequest) -> HttpResponse:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        claims = jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"], audience=AUDIENCE)
    except jwt.PyJWTError:
        return JsonResponse({"detail": "invalid token"}, status=401)
    size = int(request.GET.get("size", "100"))
    rows = Customer.objects.filter(partner_id=claims["tid"]).order_by("company_name", "id")[:size]
    items = [item(str(row.tenant_id), row.domain, row.company_name, row.relationship_to_partner) for row in rows]
    return JsonResponse({"items": items})
