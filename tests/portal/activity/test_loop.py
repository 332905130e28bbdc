"""The long-lived process of a service: every duty in its turn, whatever happens to another one."""

import threading

import pytest

from activity.loop import Duty, run_for_ever, run_once


def fail() -> None:
    raise RuntimeError


def test_a_duty_that_fails_does_not_keep_the_next_one_from_being_done(
    caplog: pytest.LogCaptureFixture, db: None
) -> None:
    done: list[str] = []
    run_once([Duty("Telling", fail, every=1), Duty("Fetching", lambda: done.append("fetched"), every=1)])
    assert done == ["fetched"]
    assert "Telling failed and is tried again" in caplog.text


def test_each_duty_comes_back_in_its_own_time(db: None) -> None:
    turns: list[str] = []

    def often() -> None:
        turns.append("often")
        if len(turns) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_for_ever([Duty("Seldom", lambda: turns.append("seldom"), every=60), Duty("Often", often, every=0.01)])
    assert turns == ["seldom", "often", "often", "often", "often"]


def test_a_duty_that_waits_for_somebody_elses_server_keeps_no_other_one_waiting(db: None) -> None:
    answer, waited, turns = threading.Event(), [], []

    def wait() -> None:
        waited.append(threading.current_thread().name)
        answer.wait(5)

    def often() -> None:
        turns.append("often")
        if len(turns) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_for_ever([Duty("Waiting", wait, every=60, apart=True), Duty("Often", often, every=0.01)])
    answer.set()
    assert waited == ["Waiting"]
