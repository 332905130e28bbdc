"""How many invoices a partner has, without counting rows; and the newest one."""

from uuid import UUID

from django.db.models import F

from accounts.actors import Actor
from billing.models import Invoice, InvoiceCount


def invoice_total(user: Actor) -> int:
    return InvoiceCount.objects.filter(partner_id=user.tenant_id).values_list("total", flat=True).first() or 0


def last_invoice(user: Actor) -> Invoice | None:
    return Invoice.objects.visible_to(user).order_by("-invoice_date", "-pk").first()


def invoices_changed(partner_id: UUID, *, by: int) -> None:
    """Call inside the transaction that adds the rows."""
    InvoiceCount.objects.get_or_create(partner_id=partner_id)
    InvoiceCount.objects.filter(partner_id=partner_id).update(total=F("total") + by)
