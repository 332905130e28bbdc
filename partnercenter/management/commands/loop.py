"""What the portal does by itself: `manage.py loop`. One process is enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.events.poll import poll_due
from activity.loop import Duty, run_for_ever, run_once

# A change at the provider is to be seen within five seconds (M22), also when its push did not arrive.
DUTIES = (Duty("Fetching security events", poll_due, every=2),)


class Command(BaseCommand):
    help = "Fetch the provider's security events, every two seconds. With --once: what waits now, then stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            run_once(DUTIES)
        else:
            run_for_ever(DUTIES)
