"""The type of audit actions. Each app lists its own; the log itself knows none of them."""

from enum import StrEnum


class AuditAction(StrEnum):
    """Base without members: `class BillingAction(AuditAction): INVOICE_PAID = "invoice.paid"`."""
