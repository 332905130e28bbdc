"""Documents as answers that a browser or a program saves under a name."""

from django.conf import settings
from django.http import HttpResponse

from billing.documents.receipt import receipt_pdf
from billing.documents.statement import statement_pdf
from billing.models import Invoice, TaxReceipt


def statement_download(*, invoice: Invoice, organization: str) -> HttpResponse:
    """The invoice's statement in the reader's language."""
    lines = invoice.line_items.order_by("customer_name", "pk")
    content = statement_pdf(
        invoice=invoice,
        lines=lines.iterator(chunk_size=500),
        organization=organization,
        product=str(settings.PRODUCT_NAME),
    )
    return _pdf(content, f"statement-{invoice.number}")


def receipt_download(*, receipt: TaxReceipt, organization: str) -> HttpResponse:
    """The tax receipt in the reader's language."""
    content = receipt_pdf(receipt=receipt, organization=organization, product=str(settings.PRODUCT_NAME))
    return _pdf(content, f"receipt-{receipt.number}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
