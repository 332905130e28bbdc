"""Adding, editing and removing a customer's contacts."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from activity.services import record_audit
from customers.audit import CustomerAction
from customers.models import Contact, Customer
from customers.services import EditConflict


@transaction.atomic
def add_contact(*, user: User, customer: Customer, values: Mapping[str, Any]) -> Contact:
    contact = Contact.objects.create(customer=customer, **values)
    _audit(CustomerAction.CONTACT_ADDED, user, customer, {"contact": contact.email})
    return contact


@transaction.atomic
def edit_contact(*, user: User, contact: Contact, expected_version: int, values: Mapping[str, Any]) -> None:
    """Raises EditConflict when the contact was changed or removed since it was opened. Equal values change nothing."""
    mine = Contact.objects.filter(pk=contact.pk, version=expected_version)
    if mine.exclude(**values).update(version=F("version") + 1, **values):
        _audit(CustomerAction.CONTACT_EDITED, user, contact.customer, {"contact": values["email"]})
    elif not mine.exists():
        raise EditConflict


@transaction.atomic
def remove_contact(*, user: User, contact: Contact) -> None:
    detail = {"contact": contact.email, "name": str(contact)}
    removed, _rows = contact.delete()
    if removed:  # a second click finds it gone
        _audit(CustomerAction.CONTACT_REMOVED, user, contact.customer, detail)


def _audit(action: CustomerAction, user: User, customer: Customer, detail: dict[str, Any]) -> None:
    record_audit(
        action=action,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=customer.company_name,
        detail={"customer": str(customer.tenant_id), **detail},
    )
