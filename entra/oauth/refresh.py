"""The refresh_token grant (RFC 6749 section 6): the evidence of the sign-in is copied, never renewed (S8)."""

import uuid
from typing import Any

from django.http import HttpRequest

from entra.oauth.client_authentication import Caller
from entra.oauth.errors import OAuthError
from entra.oauth.grants import check_still_valid, find_refresh_token, mark_replaced
from entra.oauth.target import target_of
from entra.oauth.token_answer import check_tenant, needed, token_answer
from entra.signin.sign_in_log import record_refused_refresh


def by_refresh_token(
    request: HttpRequest, caller: Caller, segment: str, version: str, correlation: uuid.UUID
) -> dict[str, Any]:
    """Exchange a refresh token for tokens of one API, whichever the application may use. Raises OAuthError."""
    given, application = request.POST, caller.application
    row = find_refresh_token(token=needed(given, "refresh_token"), application=application)
    check_tenant(row.grant, segment)
    try:
        check_still_valid(row.grant)
    except OAuthError as error:
        record_refused_refresh(
            request,
            account=row.grant.account,
            application=application,
            amr=row.grant.amr,
            code=error.code,
            correlation=correlation,
        )
        raise
    row.grant.application = application  # authenticated a moment ago; not to be read again
    target = target_of(given, row.grant, version)
    mark_replaced(row, application)
    return token_answer(row.grant, caller, target, given, version)
