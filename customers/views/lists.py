from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from customers.counts import customer_total
from customers.http import PartnerRequest
from customers.lists import CUSTOMERS
from customers.models import Customer


@access_rule("customers")
@require_safe
def commerce(request: PartnerRequest) -> HttpResponse:
    return redirect("customers:list")


@access_rule("customers")
@require_safe
def customer_list(request: PartnerRequest) -> HttpResponseBase:
    rows = Customer.objects.visible_to(request.user)
    return CUSTOMERS.answer(request, rows, total=customer_total(request.user), template="customers/list.html")
