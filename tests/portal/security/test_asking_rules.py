"""Who is asked to register, typed by hand: the first reason against it (Q5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from accounts.users.person import AccountClass, Person, person_of
from security.asking.rules import left_out

pytestmark = pytest.mark.requirement("Q5")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANN = Person(UUID(int=1), "Ann", "ann@contoso.example", "", guest=False, enabled=True, account_class=None)
KNOWN: dict[str, Any] = {"registered": False, "federated": False, "asked_at": None, "again": False}


@pytest.mark.parametrize(
    ("person", "facts", "expected"),
    [
        ({}, {}, None),
        ({"account_class": AccountClass.PERSON}, {}, None),
        ({"enabled": False, "guest": True}, {"registered": True}, "disabled"),
        ({"guest": True}, {"registered": True}, "guest"),
        ({"account_class": AccountClass.SERVICE}, {"registered": True}, "no-person"),
        ({"account_class": AccountClass.ROOM}, {}, "no-person"),
        ({"account_class": AccountClass.BREAK_GLASS}, {}, "no-person"),
        ({}, {"federated": True, "registered": True}, "federated"),
        ({"sign_in_name": "ann#EXT#@contoso.example"}, {"registered": True}, "registered"),
        ({"sign_in_name": "ann#EXT#@contoso.example"}, {"registered": None}, "unknown"),
        ({"sign_in_name": "ann#EXT#@contoso.example"}, {}, "no-address"),
        ({"sign_in_name": "ann#EXT#@contoso.example", "mail": "ann@home.example"}, {}, None),
        ({"mail": "ann@home.example, bob@home.example"}, {}, "no-address"),
        ({"mail": "ann@home.example\nBcc: bob@home.example"}, {}, "no-address"),
        ({"mail": f"{'a' * 320}@home.example"}, {}, "no-address"),
        ({"mail": "Ann"}, {}, "no-address"),
    ],
)
def test_the_first_reason_is_told(person: dict[str, Any], facts: dict[str, Any], expected: str | None) -> None:
    assert left_out(replace(ANN, **person), now=NOW, **KNOWN | facts) == expected


def test_whoever_is_gone_is_not_asked() -> None:
    assert left_out(None, now=NOW, **KNOWN | {"registered": None}) == "gone"


@pytest.mark.parametrize(
    ("ago", "again", "expected"),
    [
        (timedelta(), False, "today"),
        (timedelta(hours=23, minutes=59), False, "today"),
        (timedelta(hours=23, minutes=59), True, "today"),
        (timedelta(days=1), False, "recently"),
        (timedelta(days=1), True, None),
        (timedelta(days=6, hours=23), False, "recently"),
        (timedelta(days=7), False, None),
    ],
)
def test_nobody_is_asked_twice_in_a_day_nor_unsaid_in_a_week(ago: timedelta, again: bool, expected: str | None) -> None:
    assert left_out(ANN, now=NOW, **KNOWN | {"asked_at": NOW - ago, "again": again}) == expected


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({"mail": "ann@mail.example", "otherMails": ["other@mail.example"]}, "ann@mail.example"),
        ({"mail": None, "otherMails": ["other@mail.example", "third@mail.example"]}, "other@mail.example"),
        ({"mail": None, "otherMails": []}, "ann@contoso.example"),
        ({"userPrincipalName": "ann_x#EXT#@contoso.example", "otherMails": ["a@x.example"]}, "a@x.example"),
        ({"userPrincipalName": "ann_x#EXT#@contoso.example"}, ""),
    ],
)
def test_the_address_is_that_of_the_directory_and_a_guests_name_is_none(values: dict[str, Any], address: str) -> None:
    row = {"id": str(UUID(int=1)), "userPrincipalName": "ann@contoso.example"}
    assert person_of(row | values).address == address
