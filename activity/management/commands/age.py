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
FAR_AWAY = timedelta(days=365 * 200)


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
            for step in _steps(model, {field.name for field in fields}, days):
                model._base_manager.update(**{field.name: F(field.name) - step for field in fields})


def _steps(model: type[models.Model], names: set[str], days: timedelta) -> list[timedelta]:
    """How far back the rows go at a time. Where a time is unique they go by way of one at which no row is: databases
    check row after row, and a row would meet the one of the day before that is still there."""
    unique = (one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint))
    if any(names.intersection(one.fields) for one in unique):
        return [days + FAR_AWAY, -FAR_AWAY]
    return [days]
