"""Prove that nobody changed the audit log: `manage.py verify_audit`, of either service."""

import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from activity.chain import START, Head
from activity.models import AuditSeal
from activity.stored import count_unsealed
from activity.verification import ChainBroken, passed_over, walk

PROGRESS = 100_000  # seals
_LOOKS, _PAUSE = 10, 1  # seconds; what a running loop needs to seal a record that was committed late


class Command(BaseCommand):
    help = "Walk the chain of the audit log and say whether, where and how it is broken. Note the head it prints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            type=_head,
            metavar="SEQUENCE:DIGEST",
            help="A head noted earlier: nothing up to there was cut off or rewritten.",
        )

    def handle(self, *args: Any, expect: Head | None = None, **options: Any) -> None:
        try:
            head = self._verified(expect)
        except ChainBroken as broken:
            raise CommandError(str(broken)) from broken
        self.stdout.write(f"Sealed: {head.sequence}\nWaiting: {count_unsealed()}\nHead: {head}")

    def _verified(self, expect: Head | None) -> Head:
        """Walk to the present head. Progress goes to standard error."""
        total, head = AuditSeal.objects.count(), START
        for head in walk():
            if expect and head.sequence == expect.sequence and head != expect:
                message = f"Seal {head.sequence} is not the one noted: the log was rewritten there or before."
                raise ChainBroken(message)
            if head.sequence and head.sequence % PROGRESS == 0:
                self.stderr.write(f"{head.sequence} of {total}")
        if expect and head.sequence < expect.sequence:
            message = f"The chain ends with seal {head.sequence}: it was cut off, {expect.sequence} had been noted."
            raise ChainBroken(message)
        if record := _still_passed_over():
            message = (
                f"Record {record} has no seal though a later one has: it was inserted, or committed late while no loop"
                " was running."
            )
            raise ChainBroken(message)
        return head


def _head(text: str) -> Head:
    try:
        return Head.parsed(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _still_passed_over() -> int | None:
    for _look in range(_LOOKS):
        if (record := passed_over()) is None:
            return None
        time.sleep(_PAUSE)
    return record
