from billing.models.account import BillingAccount
from billing.models.invoice import DocumentType, Invoice, InvoiceCount, InvoiceType, PaymentState
from billing.models.line_item import BillingProvider, ChargeType, LineItem
from billing.models.receipt import TaxReceipt

__all__ = [
    "BillingAccount",
    "BillingProvider",
    "ChargeType",
    "DocumentType",
    "Invoice",
    "InvoiceCount",
    "InvoiceType",
    "LineItem",
    "PaymentState",
    "TaxReceipt",
]
