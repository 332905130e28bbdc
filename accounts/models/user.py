from collections.abc import Iterable
from typing import ClassVar, Literal
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.tenant import PartnerTenant
from accounts.roles import Role, effective_roles


class User(models.Model):
    """A person of a partner tenant, as the identity provider named them. The portal holds no passwords.

    Keyed by what the provider can never give to somebody else: (issuer, tenant, oid), or (issuer, subject) where
    there is no oid. Never by mail or user principal name, which an administrator of any tenant can choose (nOAuth).
    """

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.PROTECT, related_name="users")
    issuer = models.CharField(_("issuer"), max_length=255)
    subject = models.CharField(_("subject"), max_length=255)
    oid = models.CharField(_("object id"), max_length=64, blank=True)
    display_name = models.CharField(_("name"), max_length=200)
    user_principal_name = models.CharField(_("user principal name"), max_length=255, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    guest = models.BooleanField(_("guest"), default=False)
    # A projection of the directory, written at sign-in and by events; a list in the row keeps a request at one query.
    projected_roles = models.JSONField(_("roles"), default=list)
    local_roles = models.JSONField(_("roles assigned here"), default=list)
    disabled_at = models.DateTimeField(_("disabled"), null=True, blank=True)
    not_before = models.DateTimeField(_("sessions before this moment are void"), null=True, blank=True)
    # The moments of the newest events applied, by the provider's clock: older news that comes late changes nothing.
    claims_at = models.DateTimeField(null=True, blank=True)
    enablement_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD: ClassVar[str] = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_authenticated: Literal[True] = True
    is_anonymous: Literal[False] = False

    class Meta:
        ordering = ["display_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="user_issuer_subject", condition=models.Q(oid="")
            ),
            models.UniqueConstraint(
                fields=["issuer", "tenant", "oid"], name="user_issuer_tenant_oid", condition=~models.Q(oid="")
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that count for this person, tenant programs considered (M21)."""
        held = _known([*self.projected_roles, *self.local_roles])
        return effective_roles(held, self.tenant.program_set)

    @property
    def signs_in_at(self) -> UUID | None:
        """The tenant whose address a guest is sent to; None for everybody else, whose own the provider knows."""
        return self.tenant_id if self.guest else None

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None


_BY_NAME = {role.value: role for role in Role}


def _known(names: Iterable[str]) -> frozenset[Role]:
    """Leave out what a later version may have stored."""
    return frozenset(_BY_NAME[name] for name in names if name in _BY_NAME)
