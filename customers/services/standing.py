"""What a partner states about a customer: qualifications, agreements, the spending budget."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actors import Actor
from activity.services import record_audit
from customers.audit import CustomerAction
from customers.models import Agreement, Customer, CustomerQualification, SpendingBudget, ValidationCode
from customers.models.qualification import Qualification, Vetting


class QualificationStands(Exception):
    """It is approved or in review already; nothing was written."""


class CodeUnusable(Exception):
    """A government customer needs a validation code of the partner that is not used up; nothing was written."""


@transaction.atomic
def request_qualification(
    *, user: Actor, customer: Customer, qualification: Qualification, code: str = ""
) -> CustomerQualification:
    """Ask for it. A code proves it at once, and in a sandbox nobody reviews. Raises what stands above."""
    Customer.objects.select_for_update().get(
        pk=customer.pk
    )  # one at a time: there may be no row of its own to lock yet
    rows = CustomerQualification.objects.filter(customer=customer, qualification=qualification)
    if rows.exclude(vetting_status=Vetting.DENIED).exists():
        raise QualificationStands
    proven = settings.SANDBOX
    if qualification == Qualification.GOVERNMENT:
        _use_up(user, code)
        proven = True
    status = Vetting.APPROVED if proven else Vetting.IN_REVIEW
    asked, _created = CustomerQualification.objects.update_or_create(
        customer=customer,
        qualification=qualification,
        defaults={"vetting_status": status, "vetting_reason": "", "vetting_created_date": timezone.now()},
    )
    detail = {"qualification": qualification.value, "status": status.value}
    _audit(CustomerAction.QUALIFICATION_REQUESTED, user, customer, detail)
    return asked


@transaction.atomic
def withdraw_qualifications(*, user: Actor, customer: Customer) -> None:
    """The customer is an ordinary one again."""
    removed, _rows = CustomerQualification.objects.filter(customer=customer).delete()
    if removed:
        _audit(CustomerAction.QUALIFICATIONS_WITHDRAWN, user, customer, {})


@transaction.atomic
def confirm_agreement(*, user: Actor, customer: Customer, confirmed_by: str, values: Mapping[str, Any]) -> Agreement:
    """Keep that the customer accepted; each confirmation is a row of its own. `values` are the form's."""
    agreement = Agreement.objects.create(customer=customer, confirmed_by=confirmed_by, **values)
    _audit(CustomerAction.AGREEMENT_CONFIRMED, user, customer, {"type": agreement.type})
    return agreement


@transaction.atomic
def set_budget(*, user: Actor, customer: Customer, amount: int | None, currency: str) -> None:
    """In minor units; None takes the budget away. Equal values change nothing."""
    before = SpendingBudget.objects.select_for_update().filter(customer=customer).first()
    if (before and (before.amount, before.currency_code)) == (amount if amount is None else (amount, currency)):
        return
    if amount is None:
        SpendingBudget.objects.filter(customer=customer).delete()
    else:
        SpendingBudget.objects.update_or_create(
            customer=customer, defaults={"amount": amount, "currency_code": currency}
        )
    changed = {"amount": [before.amount if before else None, amount]}
    _audit(CustomerAction.BUDGET_CHANGED, user, customer, {"currency": currency, "changed": changed})


def _use_up(user: Actor, code: str) -> None:
    usable = ValidationCode.objects.visible_to(user).filter(validation_id=code, remaining_creates__gt=0)
    if not usable.update(remaining_creates=F("remaining_creates") - 1):
        raise CodeUnusable


def _audit(action: CustomerAction, user: Actor, customer: Customer, detail: dict[str, Any]) -> None:
    record_audit(
        action=action,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=customer.company_name,
        detail={"customer": str(customer.tenant_id), **detail},
    )
