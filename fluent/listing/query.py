"""Reads a list's state from the URL. What cannot be understood is left out and said, never a server error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from fluent.listing.columns import Choices, Column, Filter
from fluent.listing.keyset import Order
from fluent.listing.period import Period, Typed

M = TypeVar("M", bound=Model)
LONGEST_SEARCH = 120


@dataclass
class ListQuery:
    text: str
    chosen: dict[str, str]
    sort: str
    order: Order
    period: dict[str, Typed]
    problems: list[str] = field(default_factory=list)

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.chosen or self.period)

    @property
    def conditions(self) -> dict[str, str]:
        """Filters and period as they stand in the address."""
        return {**self.chosen, **{key: str(end) for key, end in self.period.items()}}


def read(
    data: QueryDict,
    *,
    columns: Sequence[Column[M]],
    filters: Sequence[Filter[M]],
    choices: Mapping[str, Choices],
    default_sort: str,
    period: Period[M] | None = None,
) -> ListQuery:
    problems: list[str] = []
    text = _text(data.get("q", ""), problems)
    chosen = _chosen(data, filters, choices, problems)
    sort, order = _order(data.get("sort", ""), columns, default_sort, problems)
    ends = period.read(data, problems) if period else {}
    return ListQuery(text=text, chosen=chosen, sort=sort, order=order, period=ends, problems=problems)


def _text(raw: str, problems: list[str]) -> str:
    text = raw.strip()
    if "\x00" in text:  # PostgreSQL refuses it in any text
        problems.append(_("The search contains a character that cannot be searched for."))
        return ""
    if len(text) > LONGEST_SEARCH:
        problems.append(_("The search is longer than %(most)s characters.") % {"most": LONGEST_SEARCH})
        return ""
    return text


def _chosen(
    data: QueryDict, filters: Sequence[Filter[M]], choices: Mapping[str, Choices], problems: list[str]
) -> dict[str, str]:
    chosen = {}
    for each in filters:
        value = data.get(each.key, "")
        if not value:
            continue
        if value in {str(known) for known, _label in choices[each.key]}:
            chosen[each.key] = value
        else:
            problems.append(
                _("“%(value)s” is not a choice for %(filter)s.") % {"value": value[:40], "filter": each.title}
            )
    return chosen


def _order(raw: str, columns: Sequence[Column[M]], default: str, problems: list[str]) -> tuple[str, Order]:
    paths = {column.key: column.sort for column in columns if column.sort}
    if raw and raw.removeprefix("-") not in paths:
        problems.append(_("The list cannot be sorted by “%(key)s”.") % {"key": raw[:40]})
        raw = ""
    sort = raw or default
    return sort, Order(paths[sort.removeprefix("-")], sort.startswith("-"))
