"""What the audit log says about invoices."""

from activity.actions import AuditAction


class BillingAction(AuditAction):
    INVOICE_ISSUED = "invoice.issued"
