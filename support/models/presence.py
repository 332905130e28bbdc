"""Who has a request open just now."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models

from accounts.models import User
from support.models.request import CustomerRequest

STAYS_FOR = timedelta(minutes=3)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def current(self, *, now: datetime) -> Self:
        return self.filter(seen_at__gt=now - STAYS_FOR)

    def others_on(self, request: CustomerRequest, *, user: User, now: datetime) -> Self:
        return self.current(now=now).filter(request=request).exclude(user=user).order_by("user_name")


class Presence(models.Model):
    request = models.ForeignKey(CustomerRequest, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    user_name = models.CharField(max_length=200)
    seen_at = models.DateTimeField(db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="one_presence_a_user_and_request")]

    def __str__(self) -> str:
        return self.user_name
