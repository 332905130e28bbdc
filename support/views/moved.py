from django.http import HttpResponse
from django.utils.http import escape_leading_slashes
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from customers.http import PartnerRequest

OLD, NEW = "/dashboard/support/csp/customers", "/dashboard/v2/support/customers"


@access_rule("customer-requests")
@require_safe
def moved(request: PartnerRequest, rest: str = "") -> HttpResponse:
    """The 2020 address of the area: the rest of the path and the query are kept."""
    target = escape_leading_slashes(NEW + request.get_full_path().removeprefix(OLD))
    return HttpResponse(status=308, headers={"Location": target})
