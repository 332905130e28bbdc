"""Guess limits counted in one statement: everybody's guesses together, and all limits of one guess or none."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from entra.directory.methods.limits import Limit, TooManyGuesses, charge, refund, settle
from tests.entra.events.test_overlap import overlapping


def limit(subject: str, free: int) -> Limit:
    return Limit(subject, free, wait=timedelta(minutes=1), longest=timedelta(minutes=3))


def test_an_exhausted_limit_leaves_the_other_one_uncharged(db, clock):
    tight, wide = limit("tight", free=1), limit("wide", free=2)
    charge(tight, wide)
    with pytest.raises(TooManyGuesses):
        charge(wide, tight)
    charge(wide)
    with pytest.raises(TooManyGuesses):
        charge(wide)


def test_each_guess_after_the_wait_waits_twice_as_long_up_to_the_longest(db, clock):
    tight, waits = limit("tight", free=1), []
    for _ in range(3):
        started = charge(tight)
        with pytest.raises(TooManyGuesses) as refused:
            charge(tight)
        waits.append(refused.value.until - started)
        clock.move_to(refused.value.until)
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=3)]


def test_after_a_day_counting_begins_anew(db, clock):
    tight = limit("tight", free=2)
    charge(tight)
    clock.shift(timedelta(days=1, seconds=1))
    charge(tight)
    charge(tight)
    with pytest.raises(TooManyGuesses):
        charge(tight)


def test_what_was_right_is_forgotten_at_the_secret_and_paid_back_once_at_the_address(db, clock):
    own, address = limit("own", free=3), limit("address", free=3)
    charge(own, address)
    settle(own, address, charge(own, address))
    charge(own)
    charge(own)
    charge(own, address)  # the third at the secret, the second at the address
    with pytest.raises(TooManyGuesses):
        charge(own)
    charge(address)
    with pytest.raises(TooManyGuesses):
        charge(address)


def test_a_refund_never_makes_up_for_guesses_to_come(db, clock):
    tight = limit("tight", free=1)
    started = charge(tight)
    refund(tight, started)
    refund(tight, started)
    charge(tight)
    with pytest.raises(TooManyGuesses):
        charge(tight)


def test_a_guess_at_two_limits_costs_one_statement_and_so_does_a_right_one(db: None, django_assert_num_queries: Any):
    own, address = limit("own", free=3), limit("address", free=3)
    with django_assert_num_queries(3) as captured:
        started = charge(own, address)
    assert [one["sql"].split()[0] for one in captured.captured_queries] == ["SAVEPOINT", "INSERT", "RELEASE"]
    with django_assert_num_queries(1):
        settle(own, address, started)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write at a time")
def test_two_at_the_same_moment_never_both_take_the_last_guess(transactional_db: None):
    last, taken = limit("last", free=1), []

    def guess() -> None:
        with suppress(TooManyGuesses):
            taken.append(charge(last))

    overlapping(guess, guess)
    assert len(taken) == 1
