from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import access_rule, allowed_area_keys
from customers.http import PartnerRequest
from customers.lists import ORDER_BADGES, ORDERS, STATE_BADGES, STATUS_BADGES, SUBSCRIPTIONS
from customers.markets import market_name
from customers.models import Customer, Order, Subscription
from customers.sections import registered

SUBSCRIPTIONS_SHOWN = 8
ORDERS_SHOWN = 4


@access_rule("customers")
@require_safe
def detail(request: PartnerRequest, tenant_id: UUID) -> HttpResponse:
    rows = Customer.objects.visible_to(request.user).select_related("billing_profile")
    customer = get_object_or_404(rows, tenant_id=tenant_id)
    found = list(customer.subscriptions.all()[: SUBSCRIPTIONS_SHOWN + 1])
    ordered = list(customer.orders.prefetch_related("lines")[: ORDERS_SHOWN + 1])
    allowed = allowed_area_keys(request)
    context = {
        "customer": customer,
        "country": market_name(customer.country),
        "state_badge": STATE_BADGES[customer.state],
        "subscriptions": [(row, STATUS_BADGES.get(row.status, "neutral")) for row in found[:SUBSCRIPTIONS_SHOWN]],
        "more_subscriptions": len(found) > SUBSCRIPTIONS_SHOWN,
        "orders": [(row, ORDER_BADGES.get(row.status, "neutral")) for row in ordered[:ORDERS_SHOWN]],
        "more_orders": len(ordered) > ORDERS_SHOWN,
        "contacts": customer.contacts.all(),
        "sections": [(part, part.rows(request.user, customer)) for part in registered() if part.area in allowed],
    }
    return render(request, "customers/detail.html", context)


@access_rule("customers")
@require_safe
def subscriptions(request: PartnerRequest, tenant_id: UUID) -> HttpResponseBase:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), tenant_id=tenant_id)
    rows = Subscription.objects.visible_to(request.user).filter(customer=customer)
    return SUBSCRIPTIONS.answer(request, rows, template="customers/subscriptions.html", context={"customer": customer})


@access_rule("customers")
@require_safe
def orders(request: PartnerRequest, tenant_id: UUID) -> HttpResponseBase:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), tenant_id=tenant_id)
    rows = Order.objects.visible_to(request.user).filter(customer=customer).prefetch_related("lines")
    return ORDERS.answer(request, rows, template="customers/orders.html", context={"customer": customer})
