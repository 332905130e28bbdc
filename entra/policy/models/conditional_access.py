"""Conditional access: named locations, custom controls, and the policies that use them (V13)."""

import uuid

from django.db import models

from entra.directory.models import Tenant
from entra.policy.evaluate import Grant, PolicyState


def policy_states() -> list[tuple[str, str]]:
    return [(state.value, state.name) for state in PolicyState]


def grants() -> list[tuple[str, str]]:
    return [(grant.value, grant.name) for grant in Grant]


class NamedLocation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="named_locations")
    name = models.CharField(max_length=120)
    cidr_ranges = models.JSONField(help_text='For example ["192.0.2.0/24", "2001:db8::/32"].')
    is_trusted = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="location_name_once_a_tenant")]

    def __str__(self) -> str:
        return self.name


class CustomControl(models.Model):
    """A third party the browser is sent to, which answers with a signed statement. It never counts as MFA (V9)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="custom_controls")
    name = models.CharField(max_length=120)
    url = models.URLField(help_text="Where the browser is sent with our signed request.")
    issuer = models.CharField(max_length=200, help_text="The `iss` of its answers.")
    certificate = models.TextField(help_text="PEM certificate: its answers are signed with the key of it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="control_name_once_a_tenant")]

    def __str__(self) -> str:
        return self.name


class ConditionalAccessPolicy(models.Model):
    """Who, for which application, from where: what is demanded. Lists hold ids as text, or the word `all`.

    Exclusion wins over inclusion. No location list means every location.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="conditional_access_policies")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=16, choices=policy_states, default=PolicyState.ON)
    include_users = models.JSONField(default=list)
    exclude_users = models.JSONField(default=list)
    include_groups = models.JSONField(default=list)
    exclude_groups = models.JSONField(default=list)
    include_roles = models.JSONField(default=list, help_text="Template ids of directory roles.")
    exclude_roles = models.JSONField(default=list)
    include_guests = models.BooleanField(default=False, help_text="All guests, besides the users listed.")
    exclude_guests = models.BooleanField(default=False)
    include_applications = models.JSONField(default=list)
    exclude_applications = models.JSONField(default=list)
    include_locations = models.ManyToManyField(NamedLocation, blank=True, related_name="included_in")
    exclude_locations = models.ManyToManyField(NamedLocation, blank=True, related_name="excluded_in")
    include_trusted = models.BooleanField(default=False, help_text="All trusted locations, besides those listed.")
    exclude_trusted = models.BooleanField(default=False)
    grant = models.CharField(max_length=16, choices=grants, default=Grant.MFA)
    custom_control = models.ForeignKey(CustomControl, null=True, blank=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "conditional access policies"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="policy_name_once_a_tenant"),
            models.CheckConstraint(
                condition=models.Q(grant=Grant.CUSTOM_CONTROL, custom_control__isnull=False)
                | (~models.Q(grant=Grant.CUSTOM_CONTROL) & models.Q(custom_control__isnull=True)),
                name="custom_control_grant_names_its_control",
            ),
        ]

    def __str__(self) -> str:
        return self.name
