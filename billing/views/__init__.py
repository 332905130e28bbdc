from billing.views.documents import receipt, reconciliation, statement
from billing.views.invoices import invoice_detail, invoice_list
from billing.views.unbilled import unbilled, unbilled_file

__all__ = ["invoice_detail", "invoice_list", "receipt", "reconciliation", "statement", "unbilled", "unbilled_file"]
