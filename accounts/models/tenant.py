from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Program


class Cloud(StrEnum):
    """National clouds. The security requirements report is not offered for the sovereign ones (Q6)."""

    GLOBAL = "global"
    US_GOVERNMENT = "usgov"
    GERMANY = "germany"


def cloud_choices() -> list[tuple[str, str]]:
    return [(cloud.value, cloud.name) for cloud in Cloud]


class PartnerTenant(models.Model):
    """A directory tenant that is registered as a partner; users of other tenants do not get in (M15)."""

    id = models.UUIDField(_("tenant id"), primary_key=True)
    display_name = models.CharField(_("name"), max_length=200)
    programs = models.JSONField(_("programs"), default=list)
    cloud = models.CharField(_("cloud"), max_length=20, choices=cloud_choices, default=Cloud.GLOBAL)
    # The directory's own ids of the groups that carry the agent roles (M21); names can be chosen by anybody.
    admin_agents_group = models.UUIDField(_("AdminAgents group id"), null=True, blank=True)
    sales_agents_group = models.UUIDField(_("SalesAgents group id"), null=True, blank=True)
    helpdesk_agents_group = models.UUIDField(_("HelpdeskAgents group id"), null=True, blank=True)
    operators_group = models.UUIDField(_("Operators group id"), null=True, blank=True)
    enrolled_at = models.DateTimeField(_("enrolled"), auto_now_add=True)

    class Meta:
        ordering = ["display_name"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def program_set(self) -> frozenset[Program]:
        return frozenset(Program(name) for name in self.programs)
