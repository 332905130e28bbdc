"""The table of operations as a whole."""

import pytest

from entra.graph.operation import Operation
from entra.graph.urls import DIRECTORY, POLICIES, REPORTS

ROWS: list[Operation] = [row for module in (*DIRECTORY, *POLICIES, *REPORTS) for row in module.OPERATIONS]


@pytest.mark.requirement("M8")
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.method != "GET"], ids=lambda row: f"{row.method} {row.template}"
)
def test_whoever_changes_something_has_verified(row: Operation) -> None:
    assert row.mfa


def test_every_row_asks_for_a_permission_and_stands_once() -> None:
    assert all(row.permissions for row in ROWS)
    assert len({(row.method, row.template) for row in ROWS}) == len(ROWS)
