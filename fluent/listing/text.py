"""Text as search compares it."""

import unicodedata
from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
_OWN_LOOKUPS = ("__iexact", "__icontains")


def folded(*parts: str) -> str:
    """One searchable string: NFKC (full-width Latin meets ASCII), then case folded, in every script.

    Stored in a column because SQLite's LIKE folds only ASCII: Cyrillic names would be found in one case only.
    """
    return unicodedata.normalize("NFKC", " ".join(part for part in parts if part)).casefold()


def matching(rows: QuerySet[M], text: str, fields: Sequence[str]) -> QuerySet[M]:
    """Rows in which every word of the text occurs in one of the fields, which hold `folded` text.

    A field that ends in `__iexact` or `__icontains` holds text as it came, and is compared by that.
    """
    for word in folded(text).split():
        found = Q()
        for field in fields:
            found |= Q(**{field if field.endswith(_OWN_LOOKUPS) else f"{field}__contains": word})
        rows = rows.filter(found)
    return rows
