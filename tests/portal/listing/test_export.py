from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from fluent.listing import folded
from fluent.listing.export import safe_cell


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1 555", "'+1 555"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        # Where a comma is for decimals, spreadsheets split the line at semicolons instead.
        ("Fourth;=1+1", "Fourth;'=1+1"),
        ("Fourth; @SUM(A1);+1", "Fourth; '@SUM(A1);'+1"),
        ("Fourth\n=1", "Fourth\n'=1"),
        ("Fourth\t＝1", "Fourth\t'＝1"),
        ("Fourth; Coffee - and = tea", "Fourth; Coffee - and = tea"),
        ("Fourth Coffee", "Fourth Coffee"),
        (-5, -5),
        (Decimal("-264.00"), "-264.00"),
        (None, ""),
        (True, "true"),
    ],
)
def test_a_cell_cannot_become_a_formula_and_numbers_stay_numbers(value: object, written: object) -> None:
    assert safe_cell(value) == written


def test_moments_are_written_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert safe_cell(datetime(2026, 1, 5, 18, 0, tzinfo=tokyo)) == "2026-01-05T09:00:00+00:00"
    assert safe_cell(datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) == "2026-01-05T09:00:00+00:00"


def test_search_folds_case_in_every_script_and_full_width_latin() -> None:
    assert folded("Пекарня «РОМАШКА»") == "пекарня «ромашка»"
    assert folded("ＡＢＣ商事") == "abc商事"
