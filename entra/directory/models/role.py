"""Directory roles by their public template ids (the `wids` claim)."""

from django.db import models

from entra.directory.models.user import User


class DirectoryRole(models.TextChoices):
    """Well-known role template ids, the same in every tenant."""

    GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10", "Global Administrator"
    BILLING_ADMINISTRATOR = "b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator"
    SECURITY_ADMINISTRATOR = "194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"


ADMIN_CENTER_ROLES = frozenset({DirectoryRole.GLOBAL_ADMINISTRATOR.value, DirectoryRole.SECURITY_ADMINISTRATOR.value})
"""Whoever holds one of these may open the provider's admin center."""


def directory_roles() -> list[tuple[str, str]]:
    return list(DirectoryRole.choices)


class RoleAssignment(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=36, choices=directory_roles)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once_a_user")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.get_role_display()}"
