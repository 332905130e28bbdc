"""The two ends of a period, as they are typed."""

import pytest
from django.http import QueryDict

from fluent.listing import Period

NO_MOMENT = "is no date and time for"


def ends(query: str) -> tuple[dict[str, str], list[str]]:
    """What is understood, as it stands in the address again, and what is said."""
    problems: list[str] = []
    found = Period("at").read(QueryDict(query), problems)
    return {key: str(end) for key, end in found.items()}, problems


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("from=2026-01-31T09:30", {"from": "2026-01-31T09:30"}),
        (
            "from=2026-01-31T09:30:15&to=2026-01-31T09:30:15",
            {"from": "2026-01-31T09:30:15", "to": "2026-01-31T09:30:15"},
        ),
        ("to=2026-01-31 09:30", {"to": "2026-01-31T09:30"}),
        ("from=2026-01-31T18:30%2B09:00", {"from": "2026-01-31T09:30"}),
        ("from=2026-01-31T09:30Z", {"from": "2026-01-31T09:30"}),
        ("from=2026-01-31&to=2026-01-31", {"from": "2026-01-31T00:00", "to": "2026-01-31T23:59"}),
        ("from=%20&to=", {}),
        ("", {}),
    ],
)
def test_a_moment_or_a_day_is_understood(typed: str, understood: dict[str, str]) -> None:
    assert ends(typed) == (understood, [])


@pytest.mark.parametrize(
    "nonsense",
    [
        "yesterday",
        "2026-02-30",
        "2026-13-01T09:30",
        "2026-01-31T25:00",
        "0001-01-01T00:00%2B09:00",
        "9999-12-31T23:59:59",
        "2026-01-31T09:30'; --",
        "%00",
    ],
)
def test_nonsense_is_named_and_narrows_nothing(nonsense: str) -> None:
    understood, (said,) = ends(f"to={nonsense}")
    assert understood == {}
    assert NO_MOMENT in said
    assert "To (UTC)" in said


def test_what_is_long_is_cut_where_it_is_repeated() -> None:
    _understood, (said,) = ends(f"from={'x' * 500}")
    assert f"“{'x' * 40}” {NO_MOMENT}" in said


def test_a_period_that_ends_before_it_begins_is_refused_whole() -> None:
    assert ends("from=2026-01-31T09:31&to=2026-01-31T09:30") == ({}, ["The period ends before it begins."])
    assert ends("from=2026-01-31T09:30&to=2026-01-31T09:30")[1] == []
