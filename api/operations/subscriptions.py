"""What a customer has bought: list, read, change."""

import base64
from datetime import UTC, date, datetime, time
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet
from msgspec import UNSET

from api.call import Call
from api.customer import customer_of
from api.enums import SUBSCRIPTION_STATUSES, member
from api.faults import Code, Fault, bad_input, not_found, stale
from api.operations.customers import CUSTOMER_ROLES, SELLERS
from api.paging import OFFSET, offset
from api.registry import Auth, Operation, Query, Subject
from api.structs import subscriptions as shapes
from api.structs.base import Attributes, Collection, Link
from customers.changes import Change, ChangeRefusal
from customers.models import Customer, Subscription, SubscriptionStatus
from customers.services import EditConflict
from customers.services.subscriptions import ChangeRefused, change_subscription


def etag(subscription: Subscription) -> str:
    return base64.b64encode(f"{subscription.pk}:{subscription.version}".encode()).decode()


def _rows(call: Call, customer: Customer) -> "QuerySet[Subscription]":
    rows = Subscription.objects.visible_to(call.caller).filter(customer=customer)
    return rows.select_related("order_line")


def _one(call: Call, customer: Customer) -> Subscription:
    key = call.guid("subscription_id", "The subscription")
    subscription = _rows(call, customer).filter(pk=key).first()
    if subscription is None:
        raise not_found("The subscription")
    return subscription


def _list(call: Call) -> Collection[shapes.Subscription]:
    customer = customer_of(call)
    rows, order, partner = _rows(call, customer), call.text("order_id"), call.text("mpn_id")
    if order:
        rows = rows.filter(order_line__order=_guid(order, "order_id"))
    if partner:
        rows = rows.filter(partner_id=partner)
    return _page(call, customer, rows)


def _guid(given: str, name: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise bad_input(f"{name} has to be a GUID.", name) from error


def _page(call: Call, customer: Customer, rows: "QuerySet[Subscription]") -> Collection[shapes.Subscription]:
    shown, kept = partial(_shown, customer), ("order_id", "mpn_id")
    return offset(call, rows, shown, total=rows.order_by().count(), default=500, kept=kept)


def _add_ons(call: Call) -> Collection[shapes.Subscription]:
    customer = customer_of(call)
    return _page(call, customer, _rows(call, customer).filter(parent=_one(call, customer)))


def _get(call: Call) -> shapes.Subscription:
    customer = customer_of(call)
    return _shown(customer, _one(call, customer))


def _shown(customer: Customer, row: Subscription) -> shapes.Subscription:
    of_customer = f"/customers/{customer.tenant_id}/subscriptions"
    parent, order = str(row.parent_id or ""), getattr(row, "order_line", None)
    return shapes.Subscription(
        id=str(row.pk),
        entitlement_id=str(row.pk) if row.usage_based else UNSET,
        offer_id=row.offer_id,
        offer_name=row.offer_name,
        friendly_name=str(row),
        quantity=row.quantity,
        unit_type=row.unit_type,
        parent_subscription_id=parent or UNSET,
        creation_date=row.creation_date,
        effective_start_date=_midnight(row.effective_start_date),
        commitment_end_date=_midnight(row.commitment_end_date),
        status=row.status,
        auto_renew_enabled=row.auto_renew_enabled,
        billing_type="usage" if row.usage_based else "license",
        billing_cycle=row.billing_cycle,
        term_duration=row.term_duration,
        contract_type="subscription",
        partner_id=row.partner_id or UNSET,
        order_id=str(order.order_id) if order else UNSET,
        links=shapes.SubscriptionLinks(
            self_=Link(uri=f"{of_customer}/{row.pk}"),
            offer=Link(uri=f"/offers/{row.offer_id}?country={customer.country}"),
            parent_subscription=Link(uri=f"{of_customer}/{parent}") if parent else UNSET,
        ),
        attributes=Attributes(object_type="Subscription", etag=etag(row)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _change(call: Call) -> shapes.Subscription:
    customer = customer_of(call)
    subscription, body = _one(call, customer), call.body(shapes.SubscriptionChange)
    change = Change(
        friendly_name=None if body.friendly_name is None else body.friendly_name.strip(),
        quantity=body.quantity,
        status=None if body.status is None else member(body.status, SUBSCRIPTION_STATUSES, "status"),
        auto_renew_enabled=body.auto_renew_enabled,
    )
    version = subscription.version if call.names_version(etag(subscription)) else None
    try:
        changed = change_subscription(
            user=call.caller, subscription=subscription, change=change, expected_version=version
        )
    except EditConflict as error:
        raise stale() from error
    except ChangeRefused as error:
        raise _refused(error) from error
    return _shown(customer, changed)


def _refused(error: ChangeRefused) -> Fault:
    standing = error.standing
    limits = f"from {standing.minimum_quantity} to {standing.maximum_quantity}"
    code, field, description = {
        ChangeRefusal.ENDED: (
            Code.SUBSCRIPTION_ENDED, "status", f"A subscription that is {standing.status} cannot be changed.",
        ),
        ChangeRefusal.STATUS: (Code.STATUS_FIXED, "status", "status can be set to active or suspended only."),
        ChangeRefusal.NOT_ACTIVE: (
            Code.QUANTITY_WHILE_SUSPENDED, "quantity", "The quantity can be changed only while the subscription is"
            " active and stays so.",
        ),
        ChangeRefusal.QUANTITY_BY_USE: (
            Code.QUANTITY_FIXED, "quantity", "What is billed by use has no quantity to change.",
        ),
        ChangeRefusal.QUANTITY_OUT_OF_RANGE: (
            Code.QUANTITY_OUT_OF_RANGE, "quantity", f"quantity has to be {limits} for this offer.",
        ),
        ChangeRefusal.PARENT_NOT_ACTIVE: (
            Code.PARENT_NOT_ACTIVE, "status", "Activate the subscription that this add-on adds to first.",
        ),
    }[error.reason]  # fmt: skip
    conflict = error.reason is ChangeRefusal.PARENT_NOT_ACTIVE
    status = HTTPStatus.CONFLICT if conflict else HTTPStatus.BAD_REQUEST
    return Fault(status, code, description, data=(field,))


def _provisioning(call: Call) -> shapes.ProvisioningStatus:
    row = _one(call, customer_of(call))
    return shapes.ProvisioningStatus(
        sku_id=row.offer_id,
        status="pending" if row.status == SubscriptionStatus.PENDING else "success",
        quantity=row.quantity,
        end_date=_midnight(row.commitment_end_date),
    )


def _registration(call: Call) -> shapes.RegistrationStatus:
    """Only what is billed by use is registered for reservations, and that when it is bought."""
    row = _one(call, customer_of(call))
    return shapes.RegistrationStatus(
        subscription_id=str(row.pk), status="Registered" if row.usage_based else "NotRegistered"
    )


_row = partial(Operation, subject=Subject.TRANSACT, auth=Auth.APP_USER, auth_2021=Auth.BOTH, roles=CUSTOMER_ROLES)
_ALL = "customers/{customer_id}/subscriptions"
_ONE = f"{_ALL}/{{subscription_id}}"

OPERATIONS = [
    _row(
        "GET",
        _ALL,
        _list,
        summary="List a customer's subscriptions, all or by order or by partner on record",
        gives=Collection[shapes.Subscription],
        query=(
            Query("order_id", "Those of one order.", (("type", "string"), ("format", "uuid"))),
            Query("mpn_id", "Those with this partner on record."),
            *OFFSET,
        ),
    ),
    _row("GET", _ONE, _get, summary="Get a subscription", gives=shapes.Subscription),
    _row(
        "PATCH",
        _ONE,
        _change,
        summary="Rename, resize, suspend or reactivate a subscription, or change its renewal",
        roles=SELLERS,
        takes=shapes.SubscriptionChange,
        gives=shapes.Subscription,
    ),
    _row(
        "GET",
        f"{_ONE}/addons",
        _add_ons,
        summary="List the add-ons of a subscription",
        gives=Collection[shapes.Subscription],
        query=OFFSET,
    ),
    _row(
        "GET",
        f"{_ONE}/provisioningstatus",
        _provisioning,
        summary="Get whether a subscription is provisioned",
        auth_2021=Auth.APP_USER,
        gives=shapes.ProvisioningStatus,
    ),
    _row(
        "GET",
        f"{_ONE}/registrationstatus",
        _registration,
        summary="Get whether a subscription is registered",
        gives=shapes.RegistrationStatus,
    ),
]
