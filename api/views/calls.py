"""Last calls of my applications, and one call looked up by its correlation id: what was asked, refused, and the fix."""

import json
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from accounts.models import User
from accounts.roles import Role
from activity.models import ApiRequest
from api.fixes import fix_of
from api.lists import CALLS
from api.openapi import operation_id, role_labels
from api.operations import OPERATIONS

_SEE_ALL = frozenset({Role.ADMIN_AGENT, Role.GLOBAL_ADMIN})


@require_safe
@access_rule("help")
def calls(request: HttpRequest) -> HttpResponseBase:
    user: User = request.user  # type: ignore[assignment]
    context = {"all_of_tenant": bool(_SEE_ALL & user.roles)}
    return CALLS.answer(request, _visible(user), template="api/calls.html", context=context)


@require_safe
@access_rule("help")
def call(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(_visible(user), pk=pk)
    row = next((row for row in OPERATIONS if row.name == found.operation), None)
    context = {
        "call": found,
        "claims": json.loads(found.claims),
        "fix": fix_of(found.code),
        "row": row,
        "key": operation_id(row) if row else "",
        "roles": role_labels(row) if row else [],
    }
    return render(request, "api/call.html", context)


def _visible(user: User) -> "QuerySet[ApiRequest]":
    """Everybody sees their own calls; who may manage applications sees those of the whole organization."""
    rows = ApiRequest.objects.filter(tenant_id=user.tenant_id)
    return rows if _SEE_ALL & user.roles else rows.filter(user_id=user.oid or user.subject)
