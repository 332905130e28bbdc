"""How many customers a partner has, without counting rows."""

from uuid import UUID

from django.db.models import F

from accounts.actors import Actor
from customers.models import CustomerCount


def customer_total(user: Actor) -> int:
    return CustomerCount.objects.filter(partner_id=user.tenant_id).values_list("total", flat=True).first() or 0


def customers_changed(partner_id: UUID, *, by: int) -> None:
    """Call inside the transaction that adds or removes the rows."""
    CustomerCount.objects.get_or_create(partner_id=partner_id)
    CustomerCount.objects.filter(partner_id=partner_id).update(total=F("total") + by)
