"""What a list is declared of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

M = TypeVar("M", bound=Model)
Choices = Sequence[tuple[str, Any]]


class Kind(StrEnum):
    """How a cell is shown."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    BADGE = "badge"
    BADGES = "badges"
    """The value is a list, and each of it a badge."""
    CODE = "code"
    CHOICE = "choice"
    """A check box of the page's form whose id is the list's name. It is in no file."""


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column. `sort` is a non-null field path of the model; empty = cannot be sorted by.

    `link` turns the cell into a link, `badge` gives a badge's kind, `plain` is the CSV value where it differs from
    the shown one, `shown=False` leaves the column to the CSV file alone. A choice posts `value` as `key`, and is called
    `label`.
    """

    key: str
    title: str | Promise
    value: Callable[[M], Any]
    sort: str = ""
    kind: Kind = Kind.TEXT
    link: Callable[[M], str] | None = None
    badge: Callable[[M], str] | None = None
    plain: Callable[[M], Any] | None = None
    shown: bool = True
    label: Callable[[M], Any] | None = None


@dataclass(frozen=True)
class Filter(Generic[M]):
    """A choice that narrows the list by equality on `field`. `choices` receives the unfiltered query set.

    `narrow` replaces equality for values that stand for more than one stored value. `unchosen` names what the list is
    while nothing is chosen, where that is not everything.
    """

    key: str
    title: str | Promise
    field: str
    choices: Callable[[QuerySet[M]], Choices]
    narrow: Callable[[QuerySet[M], str], QuerySet[M]] | None = None
    unchosen: str | Promise = ""

    def apply(self, rows: QuerySet[M], value: str) -> QuerySet[M]:
        return self.narrow(rows, value) if self.narrow else rows.filter(**{self.field: value})


@dataclass(frozen=True)
class Cell:
    """One shown value of one row."""

    value: Any
    kind: Kind
    url: str = ""
    badge: str = "neutral"
    name: str = ""
    label: Any = ""


def cells(columns: Sequence[Column[M]], row: M) -> list[Cell]:
    return [
        Cell(
            value=column.value(row),
            kind=column.kind,
            url=column.link(row) if column.link else "",
            badge=column.badge(row) if column.badge else "neutral",
            name=column.key,
            label=column.label(row) if column.label else "",
        )
        for column in columns
        if column.shown
    ]
