from billing.models.invoice import DocumentType, Invoice, InvoiceCount, InvoiceType, PaymentState
from billing.models.line_item import BillingProvider, ChargeType, LineItem

__all__ = [
    "BillingProvider",
    "ChargeType",
    "DocumentType",
    "Invoice",
    "InvoiceCount",
    "InvoiceType",
    "LineItem",
    "PaymentState",
]
