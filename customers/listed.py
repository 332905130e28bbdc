"""Customers as a list over the API shows them: five columns, and how many there are in all, in one query."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, CharField, QuerySet, Subquery, UUIDField

from accounts.actors import Actor
from activity.prepared import Prepared
from customers.counts import customer_total
from customers.models import Customer, CustomerCount
from fluent.listing.keyset import Order

BY_NAME = Order("company_name")
COLUMNS = ("pk", "tenant_id", "company_name", "domain", "relationship_to_partner")


class Listed(NamedTuple):
    pk: int
    tenant_id: UUID
    company_name: str
    domain: str
    relationship_to_partner: str
    total: int


def _rows(partner: Any) -> QuerySet[Customer, Any]:
    total = Subquery(CustomerCount.objects.filter(partner=partner).values("total"))
    rows = Customer.objects.filter(partner=partner).annotate(total=total).order_by(*BY_NAME.by(backwards=False))
    return rows.values_list(*COLUMNS, "total")


_first = Prepared[Customer](_rows, UUIDField())
_beyond = Prepared[Customer](
    lambda partner, name, pk: _rows(partner).filter(BY_NAME.beyond(name, pk, backwards=False)),
    UUIDField(),
    CharField(),
    BigIntegerField(),
)


def customers_by_name(user: Actor, at: tuple[str, int] | None, most: int) -> tuple[Sequence[Listed], int]:
    """The user's customers from the beginning, or after the given name and primary key; and the total."""
    rows = _first.all(user.tenant_id, most=most) if at is None else _beyond.all(user.tenant_id, *at, most=most)
    found = [Listed._make(row) for row in rows]
    return found, found[0].total if found else customer_total(user)
