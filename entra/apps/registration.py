"""A tenant's own registrations, as its administrators keep them (S1)."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from activity.actions import AuditAction
from activity.services import record_audit
from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import Tenant


class RegistrationAction(AuditAction):
    REGISTERED = "application.registered"
    CHANGED = "application.changed"


@transaction.atomic
def save_registration(
    *,
    tenant: Tenant,
    name: str,
    redirect_uris: Sequence[str],
    public: bool,
    multi_tenant: bool,
    require_pkce: bool,
    permissions: Sequence[str],
    actor: str,
    application: Application | None = None,
) -> Application:
    """Register an application in `tenant`, or change `application`; what is not named here stays as it is.

    Raises ValueError for an application of another tenant, and for a preauthorized one: nobody is asked before that
    acts, so only the operator says where its codes are sent.
    """
    if application is not None and (application.preauthorized or application.tenant_id != tenant.pk):
        raise ValueError(application.name)
    saved = register_application(
        client_id=application.pk if application else uuid.uuid4(),
        tenant=tenant,
        name=name,
        redirect_uris=redirect_uris,
        post_logout_redirect_uris=application.post_logout_redirect_uris if application else (),
        backchannel_logout_uri=application.backchannel_logout_uri if application else "",
        public=public,
        require_pkce=require_pkce,
        multi_tenant=multi_tenant,
        permissions=permissions,
    )
    record_audit(
        action=RegistrationAction.CHANGED if application else RegistrationAction.REGISTERED,
        actor=actor,
        tenant_id=tenant.pk,
        subject=str(saved.pk),
        detail={
            "application": name,
            "redirectUris": list(redirect_uris),
            "public": public,
            "multiTenant": multi_tenant,
            "requiresPkce": require_pkce,
            "permissions": list(permissions),
        },
    )
    return saved
