"""The authorization_code grant at the token endpoint (RFC 6749 section 4.1.3)."""

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from entra.oauth.client_authentication import Caller
from entra.oauth.errors import OAuthError
from entra.oauth.grants import check_still_valid, mark_redeemed, redeem_code
from entra.oauth.refusals import refusal_logged
from entra.oauth.target import target_of
from entra.oauth.token_answer import check_tenant, needed, token_answer


def by_code(request: HttpRequest, caller: Caller, segment: str, version: str, correlation: UUID) -> dict[str, Any]:
    """Exchange a code, once. Raises OAuthError."""
    given = request.POST
    row = redeem_code(code=needed(given, "code"), application=caller.application)
    if given.get("redirect_uri") != row.redirect_uri:
        raise OAuthError("invalid_grant", 50011)
    _check_verifier(row.code_challenge, given.get("code_verifier"))
    check_tenant(row.grant, segment)
    row.grant.application = caller.application  # authenticated a moment ago; not to be read again
    with refusal_logged(request, row.grant, correlation):
        check_still_valid(row.grant)
    target = target_of(given, row.grant, version)
    first = mark_redeemed(row)
    return token_answer(row.grant, caller, target, given, version, nonce=row.nonce, refresh_token=first)


def _check_verifier(challenge: str, verifier: str | None) -> None:
    """RFC 7636 section 4.6. A verifier without a challenge is refused too: it hints at a downgraded request."""
    if not challenge and verifier is None:
        return
    digest = hashlib.sha256((verifier or "").encode()).digest()
    computed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not challenge or not hmac.compare_digest(computed, challenge):
        raise OAuthError("invalid_grant", 501481)
