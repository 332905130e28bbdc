from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from billing.documents.download import receipt_download, statement_download
from billing.lists import RECONCILIATION
from billing.models import Invoice, LineItem, TaxReceipt
from customers.http import PartnerRequest
from fluent.listing.export import csv_response


@access_rule("billing")
@require_safe
def reconciliation(request: PartnerRequest, number: str) -> StreamingHttpResponse:
    """Every line of the invoice with what a reseller needs to charge it on."""
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user), number=number)
    lines = LineItem.objects.visible_to(request.user).filter(invoice=invoice)
    rows = lines.select_related("invoice", "customer").order_by("customer_name", "pk")
    return csv_response(f"reconciliation-{invoice.number}", RECONCILIATION, rows)


@access_rule("billing")
@require_safe
def statement(request: PartnerRequest, number: str) -> HttpResponse:
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user), number=number)
    return statement_download(invoice=invoice, organization=request.user.tenant.display_name)


@access_rule("billing")
@require_safe
def receipt(request: PartnerRequest, number: str, receipt_number: str) -> HttpResponse:
    mine = Invoice.objects.visible_to(request.user)
    rows = TaxReceipt.objects.filter(invoice__in=mine, invoice__number=number).select_related("invoice")
    found = get_object_or_404(rows, number=receipt_number)
    return receipt_download(receipt=found, organization=request.user.tenant.display_name)
