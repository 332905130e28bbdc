"""One page of a list, ready for the template."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import Form
from django.utils.functional import Promise

from fluent.listing.columns import Cell


@dataclass(frozen=True)
class Heading:
    title: str | Promise
    sort: str
    align: str


@dataclass(frozen=True)
class Page:
    """`total` is None when it is not known cheaply; `at_least` says that it is only a lower bound."""

    name: str
    caption: str | Promise
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    filters: Form | None
    searchable: bool
    placeholder: str | Promise
    text: str
    sort: str
    asked_sort: str
    narrowed: bool
    problems: Sequence[str]
    total: int | None
    at_least: bool
    previous: str
    next: str
    clear_url: str
    export_url: str

    @property
    def shown(self) -> int:
        return len(self.rows)
