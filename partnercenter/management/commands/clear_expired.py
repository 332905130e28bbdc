"""Remove what has expired: `manage.py clear_expired`. Run it daily; sessions are cleared as new ones come."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from api.models import forget_answers
from mailing.services import forgotten as forgotten_mails


class Command(BaseCommand):
    help = "Delete mails sent a day ago or given up a month ago, and the API's answers of more than a day ago."

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = forgotten_mails().delete()[0] + forget_answers(timezone.now())
        self.stdout.write(f"{deleted} expired rows removed")
