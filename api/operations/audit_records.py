"""The audit log of the partner's tenant, in the terms of the API's clients."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from activity.models import AuditRecord
from api import days, moments
from api.call import Call
from api.filters import Columns, narrowed
from api.paging import SEEK, seek
from api.registry import Auth, Operation, Query, Subject, roles
from api.structs import audit_records as shapes
from api.structs.base import Collection
from fluent.listing.keyset import Order

_NEWEST_FIRST = Order("at", descending=True)
_SHOWN_DAYS = 30
_MOST = 500
# (resource, operation) as clients know them; others are named after our own action.
_NAMES = {
    "customer.added": ("customer", "add_customer"),
    "customer.edited": ("customer", "update_customer_billing_profile"),
    "customer.deleted": ("customer", "delete_customer"),
    "customer.relationship-ended": ("customer", "remove_partner_customer_relationship"),
    "customer.qualification-requested": ("customer", "update_customer_qualification"),
    "customer.qualifications-withdrawn": ("customer", "update_customer_qualification"),
    "customer.budget-changed": ("customer", "update_customer_spending_budget"),
    "customer.agreement-confirmed": ("customer", "create_agreement"),
    "customer.subscription-changed": ("subscription", "update_subscription"),
    "customer.order-placed": ("order", "create_order"),
    "invoice.issued": ("invoice", "ready_invoice"),
    "account.role-assigned": ("partner_user", "update_partner_user"),
    "account.role-removed": ("partner_user", "update_partner_user"),
}
_ABOUT_CUSTOMER = "customer."


def _list(call: Call) -> Collection[shapes.AuditRecord]:
    first, last = _window(call)
    rows = AuditRecord.objects.of_tenant(call.caller.tenant_id).filter(at__gte=first, at__lt=last)
    condition = narrowed(call, _FILTERS)
    rows = rows if condition is None else rows.filter(condition)
    kept = ("startDate", "endDate", "filter")
    return seek(call, rows, _NEWEST_FIRST, _shown, total=rows.count(), default=_MOST, most=_MOST, kept=kept)


def _named(value: str) -> Q:
    return Q(subject__icontains=value, action__startswith=_ABOUT_CUSTOMER)


def _guid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError as error:
        raise ValueError("a GUID") from error


def _of_resource(value: str) -> Q:
    resource = value.lower()
    named = [action for action, (kind, _operation) in _NAMES.items() if kind == resource]
    others = [action for action in _NAMES if action not in named]
    return Q(action__in=named) | (Q(action__startswith=f"{resource.replace('_', '-')}.") & ~Q(action__in=others))


_FILTERS: Columns = {
    ("companyname", "substring"): _named,
    ("customerid", "equals"): ("detail__customer", _guid),
    ("resourcetype", "equals"): _of_resource,
}


def _window(call: Call) -> tuple[datetime, datetime]:
    """Raises Fault."""
    first, last = days.asked(call, before=_SHOWN_DAYS)
    return moments.midnight(first), moments.midnight(last) + timedelta(days=1)


def _shown(record: AuditRecord) -> shapes.AuditRecord:
    resource, operation = _NAMES.get(record.action, _own_names(record.action))
    detail: Mapping[str, Any] = record.detail
    changed = detail.get("changed")
    before, after = _sides(changed) if isinstance(changed, dict) else (None, detail)
    person, application = _actor(record.actor)
    more: dict[str, Any] = {
        "customer_id": detail.get("customer"),
        "customer_name": record.subject if record.action.startswith(_ABOUT_CUSTOMER) else detail.get("customerName"),
        "application_id": application,
        "resource_old_value": None if before is None else _json(before),
        "original_correlation_id": record.request_id or None,
    }
    return shapes.AuditRecord(
        id=str(record.pk),
        partner_id=str(record.tenant_id),
        user_principal_name=person,
        resource_type=resource,
        resource_new_value=_json(after),
        operation_type=operation,
        operation_date=record.at,
        operation_status="succeeded",  # the log holds what was done: it is written in the transaction of the act
        customized_data=[shapes.Datum(key, _text(value)) for key, value in detail.items()],
        **{name: value for name, value in more.items() if value is not None},
    )


def _own_names(action: str) -> tuple[str, str]:
    kind, _dot, _act = action.partition(".")
    return kind.replace("-", "_"), action.replace(".", "_").replace("-", "_")


def _sides(changed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    pairs = {name: pair for name, pair in changed.items() if isinstance(pair, list) and len(pair) == 2}
    return {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}


def _actor(actor: str) -> tuple[str, str | None]:
    kind, _colon, application = actor.partition(":")
    return ("", application) if kind == "app" else (actor, None)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else _json(value)


OPERATIONS = [
    Operation(
        "GET",
        "auditrecords",
        _list,
        Subject.OTHER,
        Auth.BOTH,
        Auth.BOTH,
        roles("A G"),
        summary="List what was done in the partner's tenant, newest first",
        gives=Collection[shapes.AuditRecord],
        query=(
            *days.parameters("30 days ago"),
            Query(
                "filter",
                'JSON: {"Field":"CustomerId","Value":"…","Operator":"equals"}; also ResourceType equals, and'
                " CompanyName substring.",
            ),
            *SEEK,
        ),
    )
]
