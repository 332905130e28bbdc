"""What the provider does by itself: `manage.py loop --settings=entra.settings`. One process is enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from activity.loop import Duty, run_for_ever, run_once
from entra.events.push import push_due
from entra.oauth.backchannel import deliver_due

# A change at the provider is to be seen within five seconds (M22), also when the first attempt did not arrive.
DUTIES = (
    Duty("Telling applications of sign-outs", deliver_due, every=2),
    Duty("Pushing security events", push_due, every=1),
)


class Command(BaseCommand):
    help = "Send sign-out messages and security events until they arrive. With --once: what is due now, then stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            run_once(DUTIES)
        else:
            run_for_ever(DUTIES)
