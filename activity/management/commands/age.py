"""Lets days pass for stored data: moves every stored time back (demo and tests only)."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction
from django.db.models import F

from activity import rollups

COUNTED_ANEW = {"activity.DailyUse", "activity.DailyTotal"}  # what moves is the log itself
UNTOUCHED = {"activity.AuditRecord", "activity.AuditSeal"}  # their order and times are evidence


class Command(BaseCommand):
    help = "Move all stored times back by this many days, as if they had passed since."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("days", type=int)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only demo data can be aged; DEMO is off.")
        days = timedelta(days=options["days"])
        for model in apps.get_models():
            if model._meta.label not in UNTOUCHED | COUNTED_ANEW and not model._meta.proxy:
                self._age(model, days)
        rollups.rebuild()
        passed = "1 day has passed" if days.days == 1 else f"{days.days} days have passed"
        self.stdout.write(f"{passed} for {settings.ROOT_URLCONF.split('.')[0]}.")

    def _age(self, model: type[models.Model], days: timedelta) -> None:
        fields = [field for field in model._meta.local_fields if isinstance(field, models.DateField)]
        if fields:  # DateTimeField is a DateField
            model._base_manager.update(**{field.name: F(field.name) - days for field in fields})
