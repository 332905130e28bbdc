"""Registering applications and finding them."""

import uuid
from collections.abc import Sequence

from django.db import models, transaction

from activity.prepared import Prepared
from entra.apps.credentials import secret_digest
from entra.apps.models import Application, ClientSecret
from entra.directory.models import Tenant


@transaction.atomic
def register_application(
    *,
    client_id: uuid.UUID | str,
    tenant: Tenant,
    name: str,
    redirect_uris: Sequence[str],
    post_logout_redirect_uris: Sequence[str] = (),
    backchannel_logout_uri: str = "",
    secret: str = "",
    public: bool = False,
    require_pkce: bool = True,
    multi_tenant: bool = False,
    preauthorized: bool = False,
    permissions: Sequence[str] = (),
) -> Application:
    """Create or update a registration; a repeated call with the same values changes nothing.

    `permissions` are delegated ones by their full names (`entra.apps.scopes`).
    `secret`, if given, becomes a further valid secret; earlier ones stay until removed.
    """
    application, _created = Application.objects.update_or_create(
        client_id=client_id,
        defaults={
            "tenant": tenant,
            "name": name,
            "redirect_uris": list(redirect_uris),
            "post_logout_redirect_uris": list(post_logout_redirect_uris),
            "backchannel_logout_uri": backchannel_logout_uri,
            "public": public,
            "require_pkce": require_pkce,
            "multi_tenant": multi_tenant,
            "preauthorized": preauthorized,
            "permissions": list(permissions),
        },
    )
    if secret:
        ClientSecret.objects.get_or_create(
            application=application, digest=secret_digest(secret), defaults={"hint": secret[:3]}
        )
    return application


def find_application(client_id: str) -> Application | None:
    try:
        found: Application | None = _application.first(uuid.UUID(client_id))
    except ValueError:
        return None
    return found


_application = Prepared[Application](lambda pk: Application.objects.filter(pk=pk), models.UUIDField())
