"""The refresh_token grant (RFC 6749 section 6): the evidence of the sign-in is copied, never renewed (S8)."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from entra.apps.models import Application
from entra.oauth.client_authentication import Caller
from entra.oauth.errors import OAuthError
from entra.oauth.grants import check_still_valid, find_refresh_token, replace_refresh_token
from entra.oauth.models import Grant
from entra.oauth.refusals import refusal_logged
from entra.oauth.target import target_of
from entra.oauth.tenancy import check_tenancy
from entra.oauth.token_answer import check_tenant, needed, token_answer
from entra.policy.services import verdict_for
from entra.signin.models import ClientApp
from entra.signin.network import client_ip


def by_refresh_token(
    request: HttpRequest, caller: Caller, segment: str, version: str, correlation: uuid.UUID
) -> dict[str, Any]:
    """Exchange a refresh token for tokens of one API, whichever the application may use. Raises OAuthError."""
    given, application = request.POST, caller.application
    row = find_refresh_token(token=needed(given, "refresh_token"), application=application)
    check_tenant(row.grant, segment)
    row.grant.application = application  # authenticated a moment ago; not to be read again
    with refusal_logged(request, row.grant, correlation, client_app=ClientApp.APPLICATION):
        check_still_valid(row.grant)
        check_tenancy(application, row.grant.tenant)
        _check_policies(row.grant, application, client_ip(request))
    target = target_of(given, row.grant, version)
    following = replace_refresh_token(row, application)
    return token_answer(row.grant, caller, target, given, version, refresh_token=following)


def _check_policies(grant: Grant, application: Application, ip: str) -> None:
    """What the organization demands by now, too: a token lasts for months, and policies change. Raises OAuthError.

    A public application runs where the person is. Others ask from a server, which says nothing about the person: for
    them it is still the place of the sign-in. Custom controls are not asked for again; nothing here proves them.
    """
    account = grant.account
    verdict = verdict_for(
        account=account.home,
        resource_account=account,
        client_id=str(application.pk),
        ip=ip if application.public else grant.ip_address or "",
        now=timezone.now(),
        known_device=True,
        known_location=True,
    )
    if verdict.block:
        raise OAuthError("invalid_grant", 53003)
    if verdict.mfa and "mfa" not in grant.amr:
        raise OAuthError("interaction_required", 50076)
