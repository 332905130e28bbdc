"""What people and administrators let applications do in their name: recorded, and looked up (S2, S4)."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, UUIDField

from activity.actions import AuditAction
from activity.prepared import Prepared
from activity.services import record_audit
from entra.apps.models import Application, ConsentGrant
from entra.apps.resources import Resource
from entra.apps.scopes import of_resource, parse
from entra.directory.models import DirectoryRole, User, UserType
from entra.directory.services import role_template_ids

WITH_SIGN_IN = ("openid", "profile", "email", "offline_access")
"""What client libraries ask for beside an API's permissions; consent for everybody covers it, or people are asked."""


class ConsentAction(AuditAction):
    CONSENTED = "application.consented"


def has_consented(*, application: Application, account: User, scopes: Iterable[str]) -> bool:
    """Whether the account, or an administrator for everybody, accepted all of these scopes (by their full names)."""
    wanted = {(scope.resource.app_id, scope.permission) for scope in map(parse, scopes)}
    return wanted <= _accepted(application, account)


def consented_permissions(*, application: Application, account: User, resource: Resource) -> frozenset[str]:
    """The permissions of one API that the application may use for the account. Nobody is asked if preauthorized."""
    if application.preauthorized:
        return resource.delegated
    accepted = _accepted(application, account)
    return frozenset(name for app_id, name in accepted if app_id == resource.app_id) & resource.delegated


def usual_permissions(*, application: Application, account: User, resource: Resource) -> list[str]:
    """What `.default` stands for: everything accepted; where nobody is asked, what the registration lists."""
    if application.preauthorized:
        return of_resource(resource, application.permissions)
    return sorted(consented_permissions(application=application, account=account, resource=resource))


def may_consent_for_everybody(account: User) -> bool:
    """A Global administrator of the organization; a guest speaks for nobody else."""
    if account.user_type == UserType.GUEST:
        return False
    return DirectoryRole.GLOBAL_ADMINISTRATOR.value in role_template_ids(account)


@transaction.atomic
def record_consent(
    *, application: Application, account: User, scopes: Iterable[str], for_everybody: bool = False, mfa: bool = False
) -> None:
    """Remember what `account` accepted, for itself or for its tenant; scopes accepted before stay.

    `mfa` says that the account had proven more than one factor. It is kept only of what was accepted so as a whole.
    """
    by_resource: defaultdict[str, set[str]] = defaultdict(set)
    for scope in map(parse, scopes):
        by_resource[scope.resource.app_id].add(scope.permission)
    for app_id, accepted in by_resource.items():
        grant, created = ConsentGrant.objects.select_for_update().get_or_create(
            application=application,
            tenant=account.tenant,
            account=None if for_everybody else account,
            resource=app_id,
        )
        whole = created or accepted.issuperset(grant.scopes)
        grant.mfa = mfa and (whole or grant.mfa)
        grant.scopes, grant.granted_by = sorted({*grant.scopes, *accepted}), account
        grant.save()
    record_audit(
        action=ConsentAction.CONSENTED,
        actor=str(account.pk),
        tenant_id=account.tenant_id,
        subject=str(application.pk),
        detail={
            "application": application.name,
            "scopes": {app_id: sorted(accepted) for app_id, accepted in by_resource.items()},
            "for_everybody": for_everybody,
            "mfa": mfa,
        },
    )


def _accepted(application: Application, account: User) -> set[tuple[str, str]]:
    rows = _consents.all(account.pk, account.tenant_id, application.pk)
    return {(app_id, name) for app_id, names in rows for name in names}


_consents = Prepared[ConsentGrant](
    lambda account, tenant, application: ConsentGrant.objects.filter(
        Q(account=account) | Q(account=None, tenant=tenant), application=application
    ).values_list("resource", "scopes"),
    UUIDField(),
    UUIDField(),
    UUIDField(),
)
