"""One person: what the directory says of them, why MFA is or is not enforced, and what can be changed."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from accounts.models import PortalSession
from accounts.oidc.graph import graph_for
from accounts.users.detail import detail_of
from accounts.users.labels import METHODS, registered_methods
from accounts.views.users.roles import roles_form
from accounts.views.users.trouble import over_the_directory
from accounts.views.users.viewer import Viewer, viewer_of


@access_rule("users")
@require_safe
@over_the_directory
def detail(request: HttpRequest, user_id: UUID) -> HttpResponseBase:
    viewer = viewer_of(request)
    found = detail_of(
        graph_for(request),
        viewer.tenant,
        user_id,
        reports=viewer.reports,
        everything=viewer.everything,
        application=settings.OIDC_RP_CLIENT_ID,
    )
    context = {
        "found": found,
        "person": found.person,
        "viewer": viewer,
        "form": roles_form(viewer, found.holding.direct),
        "is_self": str(user_id) == viewer.user.oid,
        "sessions": _sessions(viewer, user_id),
        "methods": [(METHODS.get(one.kind, one.kind), one) for one in found.methods or []],
        "registered": registered_methods(found.registration.methods) if found.registration else [],
        "nested": [role for role, source in found.holding.listed if not source.direct],
    }
    return render(request, "accounts/users/detail.html", context)


def _sessions(viewer: Viewer, user_id: UUID) -> list[PortalSession]:
    now = timezone.now()
    living = PortalSession.objects.living(now=now, idle_since=now - settings.PORTAL_SESSION_IDLE)
    return list(living.filter(user__tenant=viewer.tenant, user__oid=str(user_id)).order_by("-last_seen_at")[:20])
