from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from billing.counts import invoice_total
from billing.lists import INVOICES, LINE_ITEMS, PAYMENT_BADGES
from billing.models import Invoice, LineItem
from customers.http import PartnerRequest


@access_rule("billing")
@require_safe
def invoice_list(request: PartnerRequest) -> HttpResponseBase:
    rows = Invoice.objects.visible_to(request.user)
    return INVOICES.answer(request, rows, total=invoice_total(request.user), template="billing/invoices.html")


@access_rule("billing")
@require_safe
def invoice_detail(request: PartnerRequest, number: str) -> HttpResponseBase:
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user).select_related("amends_of"), number=number)
    lines = LineItem.objects.visible_to(request.user).filter(invoice=invoice)
    context = {
        "invoice": invoice,
        "receipts": invoice.tax_receipts.all(),
        "payment_badge": PAYMENT_BADGES[invoice.payment_state],
    }
    return LINE_ITEMS.answer(request, lines, total=invoice.line_count, template="billing/invoice.html", context=context)
