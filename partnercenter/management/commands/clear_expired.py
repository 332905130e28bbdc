"""Remove what has expired: `manage.py clear_expired`. Run it daily; sessions are cleared as new ones come."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from api.models import forget_answers, forget_faults
from mailing.services import forgotten as forgotten_mails
from security.alerts.services import forget_places
from security.mails.services import forget_unconfirmed


class Command(BaseCommand):
    help = (
        "Delete mails sent a day ago or given up a month ago, the API's answers of more than a day ago, and injected"
        " faults whose time is over, places where nobody was seen for long, and subscriptions never confirmed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        deleted = forgotten_mails().delete()[0] + forget_answers(now) + forget_faults(now) + forget_places(now)
        deleted += forget_unconfirmed(now)
        self.stdout.write(f"{deleted} expired rows removed")
