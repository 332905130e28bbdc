"""When people were asked last (Q5)."""

from typing import Any, TypeVar, cast

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from security.models import RegistrationAsk

M = TypeVar("M", bound=Model)


def with_last_asked(rows: QuerySet[M]) -> QuerySet[M]:
    """Each row of something about a person, with `asked_at`: None for who was never asked."""
    asks = RegistrationAsk.objects.filter(tenant=OuterRef("tenant"), user_id=Lower(OuterRef("user_id")))
    return cast("QuerySet[M]", rows.annotate(asked_at=Subquery(asks.values("asked_at"))))


def asked_at(row: Model) -> Any:
    return getattr(row, "asked_at", None)
