"""Bill what is over without waiting: `manage.py close_month`. The loop does it by itself six days after a month."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.services import invoice_through


class Command(BaseCommand):
    help = "Issue the invoices of all months that are over. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        last_day = timezone.now().date().replace(day=1) - timedelta(days=1)
        self.stdout.write(f"{invoice_through(last_day)} invoices issued")
