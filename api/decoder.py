"""What a token says, whether it counts, and how an operation would answer it (requirement A7). Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.oidc.jwts import Rejection, TokenRejected
from accounts.oidc.provider import ProviderUnavailable
from api.caller import Caller, require_application, require_standing
from api.faults import Code, Fault
from api.refusal import require_allowed
from api.registry import Edition, Operation
from api.tokens import USER_SCOPE, AccessToken, read

_ABOUT: dict[str, Promise] = {
    "aud": _("Audience: the API the token is for"),
    "iss": _("Issuer: the identity provider and tenant"),
    "tid": _("Tenant the token was issued in"),
    "oid": _("Object id of the person or service principal"),
    "upn": _("User principal name"),
    "unique_name": _("Name the person signs in with"),
    "appid": _("Application that asked for the token"),
    "appidacr": _("How the application proved itself: 0 not at all, 1 secret, 2 certificate"),
    "amr": _("Methods of authentication really used; has to contain mfa"),
    "acr": _("1 where the person signed in interactively"),
    "auth_time": _("When the person proved who they are"),
    "scp": _("Delegated permissions: the token is of a person (App+User)"),
    "roles": _("Application permissions: the token is of the application itself"),
    "idtyp": _("app for an application's own token"),
    "iat": _("Issued"),
    "nbf": _("Valid from"),
    "exp": _("Expires"),
    "ver": _("Version of the token"),
    "ipaddr": _("Address the person signed in from"),
    "xms_cc": _("What the client understands; cp1: claims challenges"),
}
_MOMENTS = frozenset({"auth_time", "iat", "nbf", "exp"})
_REJECTIONS: dict[Rejection, Promise] = {
    Rejection.MALFORMED: _("It cannot be read: an access token is three parts with dots between."),
    Rejection.ALGORITHM: _("Its signature algorithm is not accepted; none and HMAC never are."),
    Rejection.KEY: _("It is signed with a key that the identity provider does not publish."),
    Rejection.SIGNATURE: _("The signature is wrong: the token was changed, or somebody else made it."),
    Rejection.CLAIM_MISSING: _("A claim is missing that every access token has."),
    Rejection.EXPIRED: _("It has expired: get a new one with the refresh token."),
    Rejection.NOT_YET_VALID: _("It is not valid yet: compare the clocks."),
    Rejection.ISSUER: _("It is not from this portal's identity provider, or its issuer and tenant disagree."),
    Rejection.AUDIENCE: _("It is for another API: ask for a token for this audience."),
    Rejection.TENANT: _("Its tenant is no tenant id."),
    Rejection.REVOKED: _("It was revoked."),
}


@dataclass(frozen=True, slots=True)
class Claim:
    name: str
    value: str
    about: "Promise | str"
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an operation would answer: the HTTP status, the code of the refusal, and why."""

    status: int
    code: str
    why: "Promise | str"

    @property
    def accepted(self) -> bool:
        return self.status < 400


@dataclass(frozen=True, slots=True)
class Decoded:
    claims: list[Claim]
    algorithm: str
    problem: "Promise | str"
    """Why the token counts nowhere; empty for one that does."""
    token: AccessToken | None

    @property
    def methods(self) -> tuple[str, ...]:
        return self.token.amr if self.token else ()


def decode(raw: str) -> Decoded:
    """Read a token as the API would. Claims of one that does not count are shown as what they are: unproven."""
    raw = raw.strip().removeprefix("Bearer ").strip()
    claims, algorithm = _unproven(raw)
    try:
        return Decoded(_explained(claims), algorithm, "", read(raw))
    except TokenRejected as rejected:
        problem = _REJECTIONS.get(rejected.reason, _REJECTIONS[Rejection.MALFORMED])
    except ProviderUnavailable:
        problem = _("The identity provider does not answer, so the signature cannot be checked.")
    return Decoded(_explained(claims), algorithm, problem, None)


def verdict(token: AccessToken, operation: Operation, user: User | None) -> Verdict:
    """How the operation would answer. `user` is the token's person where the viewer may know their roles."""
    if not token.of_a_person:
        if (refused := _refusal_of_application(token)) is not None:
            return refused
        if operation.takes_app_only(Edition(settings.API_EDITION)):
            return Verdict(200, "", _("The operation takes an application's own token."))
        return Verdict(403, Code.APP_ONLY.value, _("The operation takes tokens of a signed-in person only (App+User)."))
    if USER_SCOPE not in token.scopes:
        return Verdict(403, Code.PRIVILEGES.value, _("The scope user_impersonation is missing."))
    return _by_mfa_alone(token) if user is None else _of(user, token, operation)


def _refusal_of_application(token: AccessToken) -> Verdict | None:
    try:
        require_application(token)
    except TokenRejected:
        return Verdict(401, Code.ACCESS_DENIED.value, _REJECTIONS[Rejection.REVOKED])
    except Fault as fault:
        return Verdict(fault.status, fault.code.value, fault.description)
    return None


def _of(user: User, token: AccessToken, operation: Operation) -> Verdict:
    try:
        require_standing(token, user)
        require_allowed(operation, Caller(token, user.tenant, user))
    except TokenRejected:
        return Verdict(401, Code.ACCESS_DENIED.value, _REJECTIONS[Rejection.REVOKED])
    except Fault as fault:
        return Verdict(fault.status, fault.code.value, fault.description)
    return Verdict(200, "", _("The role is allowed, and amr contains mfa."))


def _by_mfa_alone(token: AccessToken) -> Verdict:
    if token.proves_mfa:
        return Verdict(200, "", _("amr contains mfa. Whether the person's role is allowed is not known here."))
    return Verdict(401, Code.MFA_REQUIRED.value, _("amr does not contain mfa: every operation refuses it."))


def _unproven(raw: str) -> tuple[Mapping[str, Any], str]:
    try:
        decoded = jwt.decode_complete(raw, options={"verify_signature": False})
    except (jwt.PyJWTError, RecursionError):
        return {}, ""
    return decoded["payload"], str(decoded["header"].get("alg", ""))


def _explained(claims: Mapping[str, Any]) -> list[Claim]:
    names = [*(name for name in _ABOUT if name in claims), *(name for name in claims if name not in _ABOUT)]
    return [Claim(name, _shown(claims[name]), _ABOUT.get(name, ""), _moment(name, claims[name])) for name in names]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    return str(value)


def _moment(name: str, value: object) -> datetime | None:
    if name not in _MOMENTS or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
