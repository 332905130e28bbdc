"""The list itself: from a request and a query set to a page or a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fluent.listing import keyset
from fluent.listing.columns import Choices, Column, Filter, Kind, cells
from fluent.listing.export import csv_response
from fluent.listing.page import Heading, Page
from fluent.listing.period import Period
from fluent.listing.query import ListQuery, read
from fluent.listing.text import matching

M = TypeVar("M", bound=Model)
COUNT_TO = 1000
_POSITIONS = ("after", "before")


@dataclass(frozen=True)
class Listing(Generic[M]):
    """`search` names columns holding `folded` text; `default_sort` a column key, with `-` for descending.

    With `period` the list can be narrowed to what happened between two moments.
    """

    name: str
    caption: str | Promise
    columns: Sequence[Column[M]]
    default_sort: str
    filters: Sequence[Filter[M]] = field(default=())
    search: Sequence[str] = ()
    placeholder: str | Promise = ""
    page_size: int = 25
    period: Period[M] | None = None

    def answer(
        self,
        request: HttpRequest,
        rows: QuerySet[M],
        *,
        template: str,
        total: int | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> HttpResponseBase:
        """The page, or with `?format=csv` the whole filtered list as a file. `total` counts the unfiltered list."""
        choices = {each.key: each.choices(rows) for each in self.filters}
        query = self._read(request, choices)
        narrowed = self._narrow(rows, query)
        if request.GET.get("format") == "csv":
            if query.problems:  # a file with other rows than asked for would go unnoticed
                return HttpResponse(
                    "\n".join(query.problems), content_type="text/plain; charset=utf-8", status=HTTPStatus.BAD_REQUEST
                )
            return csv_response(self.name, self.columns, narrowed.order_by(*query.order.by(backwards=False)))
        page = self._page(request, narrowed, query, choices, total)
        status = HTTPStatus.BAD_REQUEST if page.problems else HTTPStatus.OK
        return render(request, template, {"page": page, **(context or {})}, status=status)

    def matching(self, request: HttpRequest, rows: QuerySet[M]) -> tuple[QuerySet[M], Sequence[str]]:
        """All rows that the address stands for, in its order, and what of it could not be understood."""
        query = self._read(request, {each.key: each.choices(rows) for each in self.filters})
        return self._narrow(rows, query).order_by(*query.order.by(backwards=False)), query.problems

    def _read(self, request: HttpRequest, choices: Mapping[str, Choices]) -> ListQuery:
        query = read(
            request.GET,
            columns=self.columns,
            filters=self.filters,
            choices=choices,
            default_sort=self.default_sort,
            period=self.period,
        )
        if request.GET.get("format", "csv") != "csv":
            query.problems.append(_("The list can be exported as csv only."))
        return query

    def _narrow(self, rows: QuerySet[M], query: ListQuery) -> QuerySet[M]:
        for each in self.filters:
            if each.key in query.chosen:
                rows = each.apply(rows, query.chosen[each.key])
        if self.period:
            rows = self.period.apply(rows, query.period)
        return matching(rows, query.text, self.search) if self.search else rows

    def _page(
        self,
        request: HttpRequest,
        rows: QuerySet[M],
        query: ListQuery,
        choices: Mapping[str, Choices],
        total: int | None,
    ) -> Page:
        at, backwards = self._position(request, rows.model, query)
        found, more = keyset.take(rows, query.order, self.page_size, at=at, backwards=backwards)
        if at is not None and not found:  # the rows that stood here moved or went: not "nothing here", but the start
            at, backwards = None, False
            found, more = keyset.take(rows, query.order, self.page_size, at=at, backwards=backwards)
        has_previous, has_next = (more, True) if backwards else (at is not None, more)
        if query.narrowed:
            paged = at is not None or more
            total = rows.order_by()[: COUNT_TO + 1].count() if paged else len(found)
        return Page(
            name=self.name,
            caption=self.caption,
            headings=[
                Heading(each.title, each.key if each.sort else "", "end" if each.kind is Kind.NUMBER else "start")
                for each in self.columns
                if each.shown
            ],
            rows=[cells(self.columns, row) for row in found],
            filters=self._filter_form(query, choices),
            searchable=bool(self.search),
            placeholder=self.placeholder,
            text=query.text,
            sort=query.sort,
            asked_sort=query.sort if query.sort != self.default_sort else "",
            narrowed=query.narrowed,
            problems=query.problems,
            total=min(total, COUNT_TO) if total is not None and query.narrowed else total,
            at_least=query.narrowed and total is not None and total > COUNT_TO,
            previous=self._url(query, before=self._token(found[0], query)) if has_previous and found else "",
            next=self._url(query, after=self._token(found[-1], query)) if has_next and found else "",
            clear_url=request.path,
            export_url=self._url(query, format="csv"),
        )

    def _position(self, request: HttpRequest, model: type[M], query: ListQuery) -> tuple[tuple[Any, Any] | None, bool]:
        for name in _POSITIONS:
            if text := request.GET.get(name, ""):
                try:
                    return keyset.position(text, model, query.order, salt=self._salt), name == "before"
                except keyset.TokenUnusable:
                    query.problems.append(_("The link to this page of the list is not valid; the list starts anew."))
        return None, False

    @property
    def _salt(self) -> str:
        return f"fluent.listing.{self.name}"

    def _token(self, row: M, query: ListQuery) -> str:
        return keyset.token(row, query.order, salt=self._salt)

    def _url(self, query: ListQuery, **extra: str) -> str:
        """This list's state with something added: the search, the filters and the order stay."""
        data = QueryDict(mutable=True)
        if query.text:
            data["q"] = query.text
        data.update(query.conditions)
        if query.sort != self.default_sort:
            data["sort"] = query.sort
        data.update(extra)
        return f"?{data.urlencode()}"

    def _filter_form(self, query: ListQuery, choices: Mapping[str, Choices]) -> forms.Form | None:
        if not self.filters and self.period is None:
            return None
        form = forms.Form(initial=query.conditions, use_required_attribute=False)
        for each in self.filters:
            form.fields[each.key] = forms.ChoiceField(
                label=str(each.title), choices=[("", each.unchosen or _("All")), *choices[each.key]]
            )
        form.fields.update(self.period.fields() if self.period else {})
        return form
