"""What administrators let applications do without a signed-in user."""

from collections.abc import Iterable

from django.db import transaction

from activity.actions import AuditAction
from activity.services import record_audit
from entra.apps.models import Application, AppRoleGrant
from entra.apps.permissions import APPLICATION_PERMISSIONS, GraphPermission
from entra.directory.models import Tenant


class ApplicationAction(AuditAction):
    APP_ROLES_GRANTED = "application.appRolesGranted"
    APP_ROLES_REVOKED = "application.appRolesRevoked"


@transaction.atomic
def grant_app_roles(
    *, application: Application, tenant: Tenant, permissions: Iterable[GraphPermission], actor: str
) -> None:
    """Let the application use these permissions in `tenant` by itself; those it has stay.

    Raises ValueError for a permission that exists for signed-in users only, for a public application, and for an
    application that belongs to another tenant alone.
    """
    wanted = sorted(set(permissions))
    if not APPLICATION_PERMISSIONS.issuperset(wanted):
        raise ValueError(wanted)
    if application.public or not (application.multi_tenant or application.tenant_id == tenant.pk):
        raise ValueError(application.name)
    for permission in wanted:
        AppRoleGrant.objects.get_or_create(application=application, tenant=tenant, permission=permission)
    _record(ApplicationAction.APP_ROLES_GRANTED, application, tenant, wanted, actor)


@transaction.atomic
def revoke_app_roles(
    *, application: Application, tenant: Tenant, permissions: Iterable[GraphPermission], actor: str
) -> None:
    """Take these permissions away. Tokens issued with them are refused from now on."""
    unwanted = sorted(set(permissions))
    AppRoleGrant.objects.filter(application=application, tenant=tenant, permission__in=unwanted).delete()
    _record(ApplicationAction.APP_ROLES_REVOKED, application, tenant, unwanted, actor)


def app_roles(*, application: Application, tenant: Tenant) -> list[str]:
    """The permissions that the application has in `tenant` by itself, sorted."""
    granted = AppRoleGrant.objects.filter(application=application, tenant=tenant)
    return sorted(granted.values_list("permission", flat=True))


def _record(
    action: ApplicationAction, application: Application, tenant: Tenant, permissions: list[GraphPermission], actor: str
) -> None:
    record_audit(
        action=action,
        actor=actor,
        tenant_id=tenant.pk,
        subject=str(application.pk),
        detail={"application": application.name, "permissions": [one.value for one in permissions]},
    )
