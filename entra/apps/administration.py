"""What administrators let applications do without a signed-in user."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction

from activity.actions import AuditAction
from activity.models import AuditRecord
from activity.prepared import Prepared
from activity.services import record_audit
from entra.apps.models import Application, AppRoleGrant
from entra.apps.resources import Resource, graph
from entra.directory.models import Tenant
from entra.events.kinds import EventType
from entra.events.services import Subject, announce


class ApplicationAction(AuditAction):
    APP_ROLES_GRANTED = "application.appRolesGranted"
    APP_ROLES_REVOKED = "application.appRolesRevoked"


@transaction.atomic
def grant_app_roles(
    *,
    application: Application,
    tenant: Tenant,
    permissions: Iterable[str],
    actor: str,
    resource: Resource | None = None,
) -> None:
    """Let the application use these permissions of an API in `tenant` by itself; those it has stay.

    The API is the directory's if none is named. Raises ValueError for a permission that the API does not have for
    applications, for a public application, and for an application that belongs to another tenant alone.
    """
    wanted, resource = sorted(set(permissions)), resource or graph()
    if not resource.application.issuperset(wanted):
        raise ValueError(wanted)
    if application.public or not (application.multi_tenant or application.tenant_id == tenant.pk):
        raise ValueError(application.name)
    for permission in wanted:
        AppRoleGrant.objects.get_or_create(
            application=application, tenant=tenant, resource=resource.app_id, permission=permission
        )
    _record(ApplicationAction.APP_ROLES_GRANTED, application, tenant, wanted, actor)


@transaction.atomic
def revoke_app_roles(
    *,
    application: Application,
    tenant: Tenant,
    permissions: Iterable[str],
    actor: str,
    resource: Resource | None = None,
) -> None:
    """Take these permissions away. Tokens issued with them are refused from now on; receivers are told."""
    unwanted = sorted(set(permissions))
    granted = AppRoleGrant.objects.filter(application=application, tenant=tenant)
    removed, _rows = granted.filter(resource=(resource or graph()).app_id, permission__in=unwanted).delete()
    if removed:
        principal = application.principal_in(tenant.pk)
        announce(EventType.GRANT_REVOKED, [Subject(tenant.pk, principal, application_id=application.pk)])
    _record(ApplicationAction.APP_ROLES_REVOKED, application, tenant, unwanted, actor)


def app_roles(*, application: Application, tenant: Tenant, resource: Resource | None = None) -> list[str]:
    """The permissions of an API (the directory's if none is named) that the application has by itself, sorted."""
    return app_roles_in(application=application, tenant_id=tenant.pk, resource=resource or graph())


def app_roles_in(*, application: Application, tenant_id: UUID, resource: Resource) -> list[str]:
    """The same in a tenant that is known by its id alone; none where there is no such tenant."""
    return sorted(permission for (permission,) in _app_roles.all(application.pk, tenant_id, resource.app_id))


_app_roles = Prepared[AppRoleGrant](
    lambda application, tenant, resource: AppRoleGrant.objects.filter(
        application=application, tenant=tenant, resource=resource
    ).values_list("permission"),
    models.UUIDField(),
    models.UUIDField(),
    models.CharField(),
)


def ever_granted(*, application: Application, tenant: Tenant) -> set[str]:
    """The permissions that the application has or once had by itself in the tenant, by the audit log."""
    grants = AuditRecord.objects.of_tenant(tenant.pk).filter(
        action=ApplicationAction.APP_ROLES_GRANTED, subject=str(application.pk)
    )
    return {name for detail in grants.values_list("detail", flat=True) for name in detail["permissions"]}


def _record(
    action: ApplicationAction, application: Application, tenant: Tenant, permissions: list[str], actor: str
) -> None:
    record_audit(
        action=action,
        actor=actor,
        tenant_id=tenant.pk,
        subject=str(application.pk),
        detail={"application": application.name, "permissions": [str(one) for one in permissions]},
    )
