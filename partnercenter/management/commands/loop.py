"""What the portal does by itself: `manage.py loop`. One process is enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.events.poll import poll_due
from accounts.users.bulk.runner import run_due
from activity.loop import Duty, run_for_ever, run_once

# A change at the provider is to be seen within five seconds (M22), also when its push did not arrive.
# Bulk changes work in turns of a second and a half at most, so that they never keep events waiting.
DUTIES = (
    Duty("Fetching security events", poll_due, every=2),
    Duty("Carrying out bulk changes", run_due, every=0.5),
)


class Command(BaseCommand):
    help = "Fetch security events and carry out bulk changes, again and again. With --once: what waits now, then stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            run_once(DUTIES)
        else:
            run_for_ever(DUTIES)
