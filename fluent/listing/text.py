"""Text as search compares it."""

import unicodedata


def folded(*parts: str) -> str:
    """One searchable string: NFKC (full-width Latin meets ASCII), then case folded, in every script.

    Stored in a column because SQLite's LIKE folds only ASCII: Cyrillic names would be found in one case only.
    """
    return unicodedata.normalize("NFKC", " ".join(part for part in parts if part)).casefold()
