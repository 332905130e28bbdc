"""Documents as answers that a browser or a program saves under a name."""

from django.conf import settings
from django.http import HttpResponse

from billing.documents.statement import statement_pdf
from billing.models import Invoice


def statement_download(*, invoice: Invoice, organization: str) -> HttpResponse:
    """The invoice's statement in the reader's language."""
    lines = invoice.line_items.order_by("customer_name", "pk")
    content = statement_pdf(
        invoice=invoice,
        lines=lines.iterator(chunk_size=500),
        organization=organization,
        product=str(settings.PRODUCT_NAME),
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="statement-{invoice.number}.pdf"'
    return response
