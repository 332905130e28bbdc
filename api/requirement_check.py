"""Whether an account meets the security requirements, told from one sign-in of it (requirement Q8)."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

import requests
from django.conf import settings
from django.db import DatabaseError

from accounts.enforcement import Obstacle
from accounts.models import PartnerTenant
from accounts.oidc.device import Refused, RequestRefused
from accounts.oidc.errors import Failure, aadsts_code, classify
from accounts.oidc.jwts import Rejection
from accounts.oidc.provider import ProviderUnavailable
from api.caller import refused as refused_token
from api.tokens import USER_SCOPE, AccessToken
from security.models import AccountStatus


class Outcome(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    """It could not be found out."""

    @property
    def exit_code(self) -> int:
        return {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.ERROR: 2}[self]


class Reason(StrEnum):
    MFA = "mfa"
    NO_MFA = "no-mfa"
    NO_AMR = "no-amr"
    CUSTOM_CONTROL = "custom-control"
    REGISTRATION_PENDING = "registration-pending"
    WRONG_TENANT = "wrong-tenant"
    NOT_ENROLLED = "not-enrolled"
    WRONG_SCOPE = "wrong-scope"
    TOKEN_REJECTED = "token-rejected"
    REFUSED = "refused"
    DECLINED = "declined"
    EXPIRED = "expired"
    REQUEST_REFUSED = "request-refused"
    NO_DEVICE_SIGN_IN = "no-device-sign-in"
    UNREACHABLE = "unreachable"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Result:
    """`message` is one sentence. `code` is the provider's own, such as AADSTS50158. `token` is of a sign-in that
    counted; it holds no token that could be sent."""

    outcome: Outcome
    reason: Reason
    message: str
    code: str = ""
    token: AccessToken | None = None
    enrolled: bool | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What this portal knows of the account; None: nothing, as where its database is elsewhere."""

    enrolled: bool | None = None
    registered: bool | None = None
    obstacle: str = ""


def known_of(token: AccessToken) -> Known:
    try:
        enrolled = PartnerTenant.objects.filter(pk=token.tenant_id).exists()
        status = AccountStatus.objects.filter(tenant=token.tenant_id, user_id=token.oid).first()
    except DatabaseError:
        return Known()
    return Known(enrolled, status.registered, status.obstacle) if status else Known(enrolled)


def assess(token: AccessToken, *, tenant: UUID | None, known: Known) -> Result:
    """What a valid token says of the account. `tenant` is the one that it was asked for, None: any."""
    reason, message = _reason(token, tenant, known)
    outcome = Outcome.PASS if reason is Reason.MFA else Outcome.FAIL
    return Result(outcome, reason, message, token=token, enrolled=known.enrolled)


def _reason(token: AccessToken, tenant: UUID | None, known: Known) -> tuple[Reason, str]:
    if USER_SCOPE not in token.scopes:
        return Reason.WRONG_SCOPE, f"The token's scope lacks {USER_SCOPE}, which the API wants of a signed-in person."
    if tenant not in {None, token.tenant_id}:
        return Reason.WRONG_TENANT, f"The account signed in to the tenant {token.tenant_id}, not to {tenant}."
    if known.enrolled is False:
        return Reason.NOT_ENROLLED, f"The tenant {token.tenant_id} is not enrolled as a partner."
    if token.proves_mfa:
        return Reason.MFA, f"The sign-in shows multifactor authentication: {_methods(token)}."
    return _lacking(token, known)


def _lacking(token: AccessToken, known: Known) -> tuple[Reason, str]:
    """Why the token shows no MFA, as far as it is known."""
    shown = _methods(token)
    if known.obstacle == Obstacle.CUSTOM_CONTROL:
        message = f"A custom control stands in for multifactor authentication, and none counts: {shown}."
        return Reason.CUSTOM_CONTROL, message
    if known.registered is False:
        return Reason.REGISTRATION_PENDING, f"The account has not registered a method to verify with yet: {shown}."
    if "amr" not in token.claims:
        return Reason.NO_AMR, "The token has no amr claim, so it shows nothing of how the account signed in."
    return Reason.NO_MFA, f"The sign-in shows no multifactor authentication: {shown}."


def _methods(token: AccessToken) -> str:
    return f"amr was {' '.join(token.amr) or 'empty'}" if "amr" in token.claims else "the token has no amr claim"


_OF_THE_ACCOUNT = frozenset(
    {"access_denied", "invalid_grant", "interaction_required", "consent_required", "unmet_authentication_requirements"}
)
"""Errors at the end of a sign-in; all others are about the application's request."""


def of_refusal(refused: Refused) -> Result:
    """What it means that the provider gave no token."""
    # What Entra calls declined is access_denied elsewhere (RFC 8628 section 3.5).
    error = "access_denied" if refused.error == "authorization_declined" else refused.error
    number = aadsts_code(refused.description)
    code = f"AADSTS{number}" if number else ""
    said = refused.description or error
    if isinstance(refused, RequestRefused):
        return Result(Outcome.ERROR, Reason.REQUEST_REFUSED, f"The provider gives no code: {said}", code)
    if error == "expired_token":
        return Result(Outcome.ERROR, Reason.EXPIRED, "The code expired before anybody signed in with it.", code)
    failure = classify(error, refused.description)
    if failure is Failure.CANCELLED:
        return Result(Outcome.ERROR, Reason.DECLINED, "The sign-in was declined in the browser.", code)
    if failure is Failure.INCOMPATIBLE:
        message = f"A custom control answered for multifactor authentication, and none counts: {said}"
        return Result(Outcome.FAIL, Reason.CUSTOM_CONTROL, message, code)
    if error in _OF_THE_ACCOUNT:
        return Result(Outcome.FAIL, Reason.REFUSED, f"The provider refuses the sign-in: {said}", code)
    return Result(Outcome.ERROR, Reason.REQUEST_REFUSED, f"The provider refuses the request: {said}", code)


_NO_SUCH_TENANT = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})


def of_silence(unavailable: ProviderUnavailable, *, tenant: str | None) -> Result:
    """What it means that the provider does not answer, or makes no sense, and what to do. `tenant`: as asked for."""
    return Result(Outcome.ERROR, Reason.UNREACHABLE, _silence(unavailable, tenant))


def _silence(unavailable: ProviderUnavailable, tenant: str | None) -> str:
    where = urlsplit(settings.OIDC_DISCOVERY_URL).netloc
    match unavailable.__cause__:
        case requests.exceptions.SSLError():
            return f"The certificate of {where} is not trusted here. Name its authority's file in REQUESTS_CA_BUNDLE."
        case requests.Timeout():
            return f"The identity provider at {where} does not answer in time. Try again later."
        case requests.ConnectionError():
            return f"No identity provider answers at {where}. Check ENTRA_URL or OIDC_DISCOVERY_URL, and that it runs."
        case requests.HTTPError(response=answer) if tenant is not None and answer.status_code in _NO_SUCH_TENANT:
            return f'The identity provider at {where} knows no tenant "{tenant}". Check --tenant.'
        case _:
            settled = "Check ENTRA_URL, OIDC_ISSUER and OIDC_DISCOVERY_URL."
            return f"The identity provider does not answer as it should: {unavailable}. {settled}"


def of_rejection(rejection: Rejection) -> Result:
    """What it means that the API would not take the token."""
    return Result(Outcome.FAIL, Reason.TOKEN_REJECTED, refused_token(rejection).description)
