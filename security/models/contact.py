"""Whom to reach about the security of a partner."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import PartnerTenant


class SecurityContact(models.Model):
    """One for each tenant; who changed it stands in the audit log."""

    tenant = models.OneToOneField(
        PartnerTenant, on_delete=models.CASCADE, primary_key=True, related_name="security_contact"
    )
    name = models.CharField(_("name"), max_length=120)
    mail = models.EmailField(_("mail address"))
    phone = models.CharField(_("telephone"), max_length=30, blank=True)

    def __str__(self) -> str:
        return f"{self.name} <{self.mail}>"
