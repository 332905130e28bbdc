"""Removing a customer altogether, which only a sandbox allows."""

from django.db import transaction

from accounts.actors import Actor
from activity.services import record_audit
from customers.audit import CustomerAction
from customers.counts import customers_changed
from customers.leaving import take_leave
from customers.models import Customer, SubscriptionStatus
from customers.services.customers import RelationshipInUse


@transaction.atomic
def delete_customer(*, user: Actor, customer: Customer) -> None:
    """Remove the customer with all it has; invoices keep its name. Raises RelationshipInUse."""
    current = Customer.objects.visible_to(user).select_for_update().filter(pk=customer.pk).first()
    if current is None:  # somebody else was faster
        return
    active = current.subscriptions.filter(status=SubscriptionStatus.ACTIVE).count()
    if active:
        raise RelationshipInUse(active)
    detail = {"customer": str(current.tenant_id), "domain": current.domain}
    take_leave(current)
    current.delete()
    customers_changed(user.tenant_id, by=-1)
    record_audit(
        action=CustomerAction.CUSTOMER_DELETED,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=customer.company_name,
        detail=detail,
    )
