"""Adding and editing a customer."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from activity.services import record_audit
from customers.audit import CustomerAction
from customers.counts import customers_changed
from customers.models import BillingProfile, Customer, Relationship, SubscriptionStatus
from customers.services import EditConflict
from fluent.listing import folded

COMPANY_FIELDS = (
    "company_name",
    "domain",
    "email",
    "country",
    "relationship_to_partner",
    "associated_partner_id",
    "state",
)
BILLING_FIELDS = (
    "first_name",
    "last_name",
    "phone_number",
    "language",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
)


def search_text(*, company_name: str, domain: str, tenant_id: object) -> str:
    return folded(company_name, domain, str(tenant_id))


@transaction.atomic
def add_customer(*, user: Actor, values: Mapping[str, Any]) -> Customer:
    """Add a customer to the user's partner tenant. `values` holds COMPANY_FIELDS and BILLING_FIELDS, validated."""
    now = timezone.now()
    customer = Customer(partner_id=user.tenant_id, created_at=now, updated_at=now, **_only(values, COMPANY_FIELDS))
    customer.search_text = _search_text(customer)
    customer.save(force_insert=True)
    BillingProfile.objects.create(
        customer=customer, email=customer.email, culture=_culture(values), **_only(values, BILLING_FIELDS)
    )
    customers_changed(user.tenant_id, by=1)
    record_audit(
        action=CustomerAction.CUSTOMER_ADDED,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=customer.company_name,
        detail={"customer": str(customer.tenant_id), "domain": customer.domain},
    )
    return customer


@transaction.atomic
def edit_customer(*, user: Actor, customer: Customer, expected_version: int, values: Mapping[str, Any]) -> None:
    """Write the form's values over the version the person saw. Raises EditConflict when it is not the newest."""
    current = Customer.objects.select_for_update(of=("self",)).select_related("billing_profile").get(pk=customer.pk)
    if current.version != expected_version:
        raise EditConflict
    changed = _apply(current, values, COMPANY_FIELDS) | _apply(current.billing_profile, values, BILLING_FIELDS)
    if not changed:
        return
    current.billing_profile.email = current.email
    current.billing_profile.culture = _culture(values)
    current.version += 1
    current.updated_at = timezone.now()
    current.search_text = _search_text(current)
    current.save()
    current.billing_profile.save()
    record_audit(
        action=CustomerAction.CUSTOMER_EDITED,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=current.company_name,
        detail={"customer": str(current.tenant_id), "changed": changed},
    )


class RelationshipInUse(Exception):
    """The customer still has active subscriptions; nothing was written."""

    def __init__(self, subscriptions: int) -> None:
        super().__init__(subscriptions)
        self.subscriptions = subscriptions


@transaction.atomic
def end_relationship(*, user: Actor, customer: Customer) -> None:
    """End the reseller relationship; its history stays. Raises RelationshipInUse."""
    current = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    active = current.subscriptions.filter(status=SubscriptionStatus.ACTIVE).count()
    if active:
        raise RelationshipInUse(active)
    before = current.relationship_to_partner
    if before == Relationship.NONE:
        return
    current.relationship_to_partner = Relationship.NONE
    current.version += 1
    current.updated_at = timezone.now()
    current.save(update_fields=["relationship_to_partner", "version", "updated_at"])
    record_audit(
        action=CustomerAction.RELATIONSHIP_ENDED,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=current.company_name,
        detail={"customer": str(current.tenant_id), "before": before},
    )


def _search_text(customer: Customer) -> str:
    return search_text(company_name=customer.company_name, domain=customer.domain, tenant_id=customer.tenant_id)


def _only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _culture(values: Mapping[str, Any]) -> str:
    return f"{values.get('language', 'en')}-{values['country']}"


def _apply(target: Customer | BillingProfile, values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Set what differs; return it as {field: [before, after]} for the audit log."""
    changed = {}
    for name, value in _only(values, names).items():
        before = getattr(target, name)
        if before != value:
            setattr(target, name, value)
            changed[name] = [before, value]
    return changed
