"""The one long-lived process of a service that does what is due sooner than a minute, again and again."""

import logging
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.management.base import BaseCommand
from django.db import close_old_connections

logger = logging.getLogger(__name__)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Duty:
    """A job that finds in the database what is due, so that it may be done too often or by two processes at once."""

    name: str
    act: Callable[[], object]
    every: float
    """Seconds from one end to the next start."""
    apart: bool = False
    """It may wait long for a server of somebody else, so it has a thread of its own and keeps no other duty waiting."""


def each(items: Iterable[Item], act: Callable[[Item], int]) -> int:
    """Act on every item, also after one has failed; return the sum. Raises ExceptionGroup at the end for those."""
    done, failed = 0, []
    for item in items:
        try:
            done += act(item)
        except Exception as error:
            failed.append(error)
    if failed:
        message = f"{len(failed)} failed, {done} done"
        raise ExceptionGroup(message, failed)
    return done


class LoopCommand(BaseCommand):
    """The base of each service's `manage.py loop`, which names its duties."""

    duties: Sequence[Duty] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="what waits now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            run_once(self.duties)
        else:
            run_for_ever(self.duties)


def run_once(duties: Sequence[Duty]) -> None:
    """Do each duty once; the failure of one does not keep the others from being done."""
    for duty in duties:
        _do(duty)


def run_for_ever(duties: Sequence[Duty]) -> None:
    for duty in duties:
        if duty.apart:
            threading.Thread(target=_turn, args=([duty],), name=duty.name, daemon=True).start()
    _turn([duty for duty in duties if not duty.apart])


def _turn(duties: Sequence[Duty]) -> None:
    due = dict.fromkeys(duties, 0.0)
    while True:
        for duty, at in due.items():
            if at <= time.monotonic():
                _do(duty)
                due[duty] = time.monotonic() + duty.every
        close_old_connections()
        time.sleep(max(0.05, min(due.values()) - time.monotonic()))


def _do(duty: Duty) -> None:
    try:
        duty.act()
    except Exception:
        # Neither a restarting database nor a fault in one duty is a reason to stop the others: what is due stays due.
        logger.exception("%s failed and is tried again", duty.name)
        close_old_connections()
