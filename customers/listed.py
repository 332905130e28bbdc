"""Customers as a list over the API shows them: five columns, and how many there are in all, in one query."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, CharField, QuerySet, Subquery, UUIDField

from accounts.actors import Actor
from activity.statement import Given, Statement
from customers.counts import customer_total
from customers.models import Customer, CustomerCount
from fluent.listing.keyset import Order

BY_NAME = Order("company_name")
COLUMNS = ("pk", "tenant_id", "company_name", "domain", "relationship_to_partner")
_PARTNER = Given("partner", UUIDField())


class Listed(NamedTuple):
    pk: int
    tenant_id: UUID
    company_name: str
    domain: str
    relationship_to_partner: str
    total: int


def _rows() -> QuerySet[Customer, Any]:
    total = Subquery(CustomerCount.objects.filter(partner=_PARTNER).values("total"))
    rows = Customer.objects.filter(partner=_PARTNER).annotate(total=total).order_by(*BY_NAME.by(backwards=False))
    return rows.values_list(*COLUMNS, "total")


_FIRST = Statement(_rows, Listed._make)
_BEYOND = Statement(
    lambda: _rows().filter(BY_NAME.beyond(Given("name", CharField()), Given("pk", BigIntegerField()), backwards=False)),
    Listed._make,
)


def customers_by_name(user: Actor, at: tuple[str, int] | None, most: int) -> tuple[Sequence[Listed], int]:
    """The user's customers from the beginning, or after the given name and primary key; and the total."""
    if at is None:
        found = _FIRST.rows(most, partner=user.tenant_id)
    else:
        found = _BEYOND.rows(most, partner=user.tenant_id, name=at[0], pk=at[1])
    return found, found[0].total if found else customer_total(user)
