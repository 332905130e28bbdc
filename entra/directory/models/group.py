"""Security groups, which may be nested."""

import uuid

from django.db import models

from entra.directory.models.tenant import Tenant
from entra.directory.models.user import User


class Group(models.Model):
    """A security group. A partner's agent roles are membership of AdminAgents, SalesAgents, HelpdeskAgents (M21).

    Those three are owned by the members of AdminAgents (M8).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="groups")
    display_name = models.CharField(max_length=120)
    members = models.ManyToManyField(User, through="GroupMembership", related_name="member_groups")
    nested = models.ManyToManyField(
        "self", through="GroupNesting", through_fields=("outer", "inner"), symmetrical=False, related_name="containers"
    )

    owned_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_groups",
        help_text="Its members, nested ones too, may change who is in this group.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "display_name"], name="group_name_once_a_tenant")]

    def __str__(self) -> str:
        return self.display_name


class GroupMembership(models.Model):
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="member_once_a_group")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}"


class GroupNesting(models.Model):
    """`inner` is a member of `outer`, so members of `inner` count as members of `outer`."""

    outer = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    inner = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outer", "inner"], name="nested_once_a_group")]

    def __str__(self) -> str:
        return f"{self.inner_id} in {self.outer_id}"
