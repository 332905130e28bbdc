"""A list as a CSV file, row by row."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from fluent.listing.columns import Column, Kind

M = TypeVar("M", bound=Model)
CHUNK = 2000
# What a spreadsheet takes for the start of a formula (OWASP, CSV Injection), full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where a comma is for decimals, spreadsheets split at semicolons and heed no quotes within: each part is a cell.
_INNER_FORMULA = re.compile(r"([;\t\r\n] *)(?=[=+\-@＝＋－＠])")


class _Echo:
    def write(self, text: str) -> str:
        return text


def safe_cell(value: Any) -> Any:
    """The value as a spreadsheet may read it: moments in UTC, and text that cannot become a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or not isinstance(value, str):
        return str(value) if not isinstance(value, int) else value
    start = "'" if value.lstrip(" ").startswith(_FORMULA_STARTS) else ""
    return start + _INNER_FORMULA.sub(r"\1'", value)


def csv_lines(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A file of any rows, each value made safe for a spreadsheet."""
    writer = csv.writer(_Echo())
    yield "\ufeff"  # spreadsheets take UTF-8 for Latin-1 without it
    yield writer.writerow([safe_cell(title) for title in titles])
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def lines(columns: Sequence[Column[M]], rows: QuerySet[M]) -> Iterator[str]:
    kept = [column for column in columns if column.kind is not Kind.CHOICE]
    values = ([(column.plain or column.value)(row) for column in kept] for row in rows.iterator(chunk_size=CHUNK))
    return csv_lines([str(column.title) for column in kept], values)


def csv_response(name: str, columns: Sequence[Column[M]], rows: QuerySet[M]) -> StreamingHttpResponse:
    """`name` is ASCII without an extension; today's date is added."""
    return as_attachment(StreamingHttpResponse(lines(columns, rows), content_type="text/csv; charset=utf-8"), name)


def as_attachment(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
