from billing.views.documents import reconciliation, statement
from billing.views.invoices import invoice_detail, invoice_list

__all__ = ["invoice_detail", "invoice_list", "reconciliation", "statement"]
