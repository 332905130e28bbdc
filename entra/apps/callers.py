"""Who calls the token endpoint, and everything about the application that an answer depends on, in one query.

Nothing is remembered between two requests: a secret that was removed, an application that was disabled and a
permission that was taken away count from the next request on.
"""

import uuid
from typing import Any

from django.db.models import Aggregate, CharField, OuterRef, QuerySet, Subquery, UUIDField

from activity.prepared import Prepared
from entra.apps.credentials import SecretCheck, check_of, secret_digest, with_secret
from entra.apps.models import Application, AppRoleGrant


def find_caller(
    client_id: str, secret: str, *, tenant_id: uuid.UUID, resource: str
) -> tuple[Application | None, SecretCheck, list[str]]:
    """The application, what `secret` is to it, and the permissions of the API `resource` (the id of its
    application) that it has by itself in a tenant, sorted."""
    try:
        found: Application | None = _caller.first(uuid.UUID(client_id), secret_digest(secret), tenant_id, resource)
    except ValueError:
        found = None
    roles: str | None = getattr(found, "roles", None)
    return found, check_of(found), sorted(roles.split()) if roles else []


class _Joined(Aggregate):
    """Texts without spaces in one, with spaces between them; the order is the database's."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ' ')"
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def _of_tenant(client_id: Any, digest: Any, tenant_id: Any, resource: Any) -> "QuerySet[Application]":
    granted = AppRoleGrant.objects.filter(application=OuterRef("pk"), tenant=tenant_id, resource=resource)
    roles = granted.values("application").annotate(joined=_Joined("permission")).values("joined")
    found = with_secret(Application.objects.filter(pk=client_id), digest).annotate(roles=Subquery(roles))
    return found.defer("redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "created_at")


_caller = Prepared[Application](_of_tenant, UUIDField(), CharField(), UUIDField(), CharField())
