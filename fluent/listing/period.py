"""A period that narrows a list: its two ends are moments typed by the reader, in UTC, and both belong to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

M = TypeVar("M", bound=Model)
START, END = "from", "to"
_WITH_SECONDS = re.compile(r"\d:\d\d:\d\d")
_LONGEST = 40


@dataclass(frozen=True)
class Typed:
    """A moment, and how long what was typed lasts: a minute or a second."""

    at: datetime
    lasts: timedelta

    @property
    def over(self) -> datetime:
        return self.at + self.lasts

    def __str__(self) -> str:
        """As it stands in the address and in the field."""
        return self.at.replace(tzinfo=None).isoformat(timespec="seconds" if self.lasts.seconds == 1 else "minutes")


@dataclass(frozen=True)
class Period(Generic[M]):
    """Rows whose `field` lies between `?from=` and `?to=`; either may be missing."""

    field: str

    @property
    def titles(self) -> dict[str, Promise]:
        return {START: gettext_lazy("From (UTC)"), END: gettext_lazy("To (UTC)")}

    def read(self, data: QueryDict, problems: list[str]) -> dict[str, Typed]:
        """The ends that were typed and understood, by key; what was not is said in `problems`."""
        ends = dict(self._understood(data, problems))
        if START in ends and END in ends and ends[START].at >= ends[END].over:
            problems.append(_("The period ends before it begins."))
            return {}
        return ends

    def _understood(self, data: QueryDict, problems: list[str]) -> Iterator[tuple[str, Typed]]:
        for key, title in self.titles.items():
            raw = data.get(key, "").strip()
            if not raw:
                continue
            found = _typed(raw, first=key == START)
            if found is not None:
                yield key, found
            else:
                said = _("“%(value)s” is no date and time for %(filter)s. Write it as 2026-01-31T09:30.")
                problems.append(said % {"value": raw[:_LONGEST], "filter": title})

    def apply(self, rows: QuerySet[M], ends: dict[str, Typed]) -> QuerySet[M]:
        if START in ends:
            rows = rows.filter(**{f"{self.field}__gte": ends[START].at})
        return rows.filter(**{f"{self.field}__lt": ends[END].over}) if END in ends else rows

    def fields(self) -> dict[str, forms.Field]:
        widget = forms.DateTimeInput({"type": "datetime-local"})
        return {key: forms.CharField(label=str(title), widget=widget) for key, title in self.titles.items()}


def _typed(raw: str, *, first: bool) -> Typed | None:
    """None for what is no moment. A day alone means its first minute, or its last; without an offset it is UTC."""
    try:
        day = parse_date(raw)
        found = datetime.combine(day, time(0, 0) if first else time(23, 59)) if day else parse_datetime(raw)
        if found is None:
            return None
        aware = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    lasts = timedelta(seconds=1) if not day and _WITH_SECONDS.search(raw) else timedelta(minutes=1)
    typed = Typed(aware.replace(microsecond=0), lasts)
    return typed if typed.at <= datetime.max.replace(tzinfo=UTC) - lasts else None  # the calendar ends there
