"""What applications are permitted, read: by person, by tenant and by application (S2, S12)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from entra.apps.models import Application, AppRoleGrant, ConsentGrant
from entra.apps.resources import find_resource
from entra.directory.models import Tenant, User


@dataclass(frozen=True)
class Permitted:
    """What one application may do for one account: everything the account accepted, or an administrator for all."""

    application: Application
    account: User
    for_everybody: bool
    rows: list[ConsentGrant] = field(default_factory=list)

    @property
    def scopes(self) -> list[str]:
        return [name for row in self.rows for name in row.scopes]

    @property
    def granted_at(self) -> datetime:
        return max(row.granted_at for row in self.rows)

    @property
    def mfa(self) -> bool:
        """Whether all of it was accepted after more than one factor."""
        return all(row.mfa for row in self.rows)


def permitted_by(accounts: Iterable[User]) -> list[Permitted]:
    """What these accounts, or administrators for their whole tenants, let applications do; by name."""
    by_id = {account.pk: account for account in accounts}
    by_tenant = {account.tenant_id: account for account in by_id.values()}
    rows = ConsentGrant.objects.filter(Q(account__in=by_id) | Q(account=None, tenant__in=by_tenant))
    found: dict[tuple[object, ...], Permitted] = {}
    for row in rows.select_related("application__tenant").order_by("application__name", "pk"):
        account = by_id[row.account_id] if row.account_id else by_tenant[row.tenant_id]
        key = (row.application_id, account.pk, row.account_id is None)
        one = found.setdefault(key, Permitted(row.application, account, row.account_id is None))
        one.rows.append(row)
    return list(found.values())


def applications_in(tenant: Tenant) -> "QuerySet[Application]":
    """The tenant's own applications, and others' that are in use there: permitted something, or asking nobody."""
    consents = ConsentGrant.objects.filter(application=OuterRef("pk"), tenant=tenant)
    roles = AppRoleGrant.objects.filter(application=OuterRef("pk"), tenant=tenant)
    in_use = Q(preauthorized=True) | Exists(consents) | Exists(roles)
    return Application.objects.filter(Q(tenant=tenant) | (Q(multi_tenant=True) & in_use))


def api_name(app_id: str) -> str:
    """An API by the name people know; its id where it has none."""
    resource = find_resource(app_id)
    return resource.identifiers[0].removeprefix("https://") if resource else app_id
