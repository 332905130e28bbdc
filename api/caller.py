"""Who calls: a person of a partner tenant through an application, or the application by itself (A1).

The token says who; what they may do, and whether the token still counts, is read from the portal's own rows, which
the provider's events keep current (M22). Without recent events the provider is asked about the token itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, DateTimeField, Exists, Max, Q, QuerySet, Subquery, UUIDField
from django.utils import timezone

from accounts.events.services import change_roles
from accounts.models import EventFeed, PartnerTenant, TokenBar, User
from accounts.oidc import identity, provider
from accounts.oidc.introspection import introspected
from accounts.oidc.jwts import Rejection, TokenRejected
from accounts.roles import Role
from activity.prepared import Prepared
from api.faults import Code, Fault
from api.models import InjectedFault
from api.tokens import USER_SCOPE, AccessToken, read


@dataclass(frozen=True, slots=True)
class Caller:
    """An `accounts.actors.Actor`. `user` is None for an application by itself."""

    token: AccessToken
    tenant: PartnerTenant
    user: User | None

    @property
    def tenant_id(self) -> UUID:
        return self.token.tenant_id

    @property
    def user_principal_name(self) -> str:
        return self.user.user_principal_name if self.user else f"app:{self.token.application_id}"

    @property
    def display_name(self) -> str:
        return self.user.display_name if self.user else self.user_principal_name

    @property
    def roles(self) -> frozenset[Role]:
        return self.user.roles if self.user else frozenset()


def identified(authorization: str) -> Caller:
    """Return who calls with this `Authorization` header. Raises Fault."""
    raw = _bearer(authorization)
    try:
        token = read(raw)
        return _person(token, raw) if token.of_a_person else _application(token, raw)
    except TokenRejected as rejected:
        raise refused(rejected.reason) from rejected
    except provider.ProviderUnavailable as unavailable:
        raise Fault(
            HTTPStatus.SERVICE_UNAVAILABLE,
            Code.DIRECTORY_UNREACHABLE,
            "The directory cannot be reached to confirm that this token still counts. Try again in a moment.",
            headers={"Retry-After": "5"},
        ) from unavailable


def _person(token: AccessToken, raw: str) -> Caller:
    if USER_SCOPE not in token.scopes:
        raise _privileges(f"The token's scope lacks {USER_SCOPE}: ask for {settings.API_AUDIENCES[0]}/{USER_SCOPE}.")
    user = known_person(token)
    if user is None:
        return Caller(token, *_first_seen(token, raw, _issuer(token)))
    require_standing(token, user)
    if not _is_current(user):
        said = _confirmed(raw)
        if "groups" in said or "wids" in said:
            change_roles(user, said)
    return Caller(token, user.tenant, user)


def known_person(token: AccessToken) -> Any:
    """The token's person as the portal knows them, with their standing; None where it does not."""
    return _people(settings.DEMO).first(_issuer(token), *_asked(token)) if token.oid else None


def require_standing(token: AccessToken, user: Any) -> None:
    """Raise Fault or TokenRejected unless the account is enabled and nothing issued so early was revoked."""
    if user.disabled_at is not None:
        raise Fault(HTTPStatus.UNAUTHORIZED, Code.ACCESS_DENIED, "The account is disabled.", headers=invalid_token())
    _require_in_force(token, user.barred, user.not_before)


def _issuer(token: AccessToken) -> str:
    """As the portal keys people: by the issuer of its own sign-ins, in the token's tenant."""
    return str(settings.OIDC_ISSUER.replace(provider.TENANT_PLACEHOLDER, str(token.tenant_id)))


def _application(token: AccessToken, raw: str) -> Caller:
    tenant = require_application(token)
    if not _is_current(tenant):
        _confirmed(raw)
    return Caller(token, tenant, None)


def require_application(token: AccessToken) -> Any:
    """The tenant that the application acts in. Raise Fault or TokenRejected unless it may act there at all."""
    tenant: Any = _tenants(settings.DEMO).first(*_asked(token))
    if tenant is None:
        raise _unknown_tenant()
    if not token.permits_application:
        raise _privileges("The token has neither scp nor roles: grant the application a permission of this API.")
    _require_in_force(token, tenant.barred)
    return tenant


def _asked(token: AccessToken) -> tuple[Any, ...]:
    """What the queries below want to know of the token, the moment, and since when the provider has to be heard of."""
    now = timezone.now()
    oldest = now - timedelta(seconds=settings.EVENTS_CURRENT_SECONDS)
    return token.tenant_id, token.oid, token.application_id, now, oldest


_ASKED = (UUIDField(), CharField(), CharField(), DateTimeField(), DateTimeField())


@cache
def _tenants(demo: bool) -> Prepared[PartnerTenant]:
    def found(*asked: Any) -> "QuerySet[Any]":
        return _with_standing(PartnerTenant.objects.filter(pk=asked[0]), demo, *asked)

    return Prepared(found, *_ASKED)


@cache
def _people(demo: bool) -> Prepared[User]:
    def found(issuer: Any, tenant: Any, oid: Any, *asked: Any) -> "QuerySet[Any]":
        named = User.objects.select_related("tenant").filter(tenant=tenant, issuer=issuer, oid=oid)
        return _with_standing(named, demo, tenant, oid, *asked)

    return Prepared(found, CharField(), *_ASKED)


def _with_standing(
    rows: "QuerySet[Any]", demo: bool, tenant: Any, oid: Any, application: Any, now: Any, oldest: Any
) -> "QuerySet[Any]":
    """The rows with what decides whether the token counts, in the one query: bars, and whether events arrive."""
    bars = TokenBar.objects.filter(Q(oid="") | Q(oid=oid), tenant=tenant, application_id=application)
    newest = bars.order_by().values("tenant").annotate(newest=Max("not_before")).values("newest")
    heard = Exists(EventFeed.objects.filter(heard_at__gt=oldest))
    annotated: QuerySet[Any] = rows.order_by().annotate(barred=Subquery(newest), heard=heard)
    if demo:  # told in the same query, so that a tenant without any pays nothing for it
        faults = InjectedFault.objects.filter(tenant_id=tenant).in_effect(now)
        annotated = annotated.annotate(faulted=Exists(faults))
    return annotated


def _is_current(row: Any) -> bool:
    """Whether the provider's events arrive; where it sends none, sign-ins and short-lived tokens are what there is."""
    return row.heard or not settings.SECURITY_EVENTS


def _first_seen(token: AccessToken, raw: str, issuer: str) -> tuple[PartnerTenant, User]:
    """Somebody who has never been at the portal: the provider says which roles they hold, or else the token does."""
    tenant: Any = _tenants(settings.DEMO).first(*_asked(token))
    if tenant is None:
        raise _unknown_tenant()
    _require_in_force(token, tenant.barred)
    claims = token.claims
    asks = bool(provider.metadata().endpoint("introspection_endpoint"))
    about = {**claims, **(_confirmed(raw) if asks else {}), "iss": issuer, "iat": claims["iat"], "sub": claims["sub"]}
    names = {"name": claims.get("name"), "preferred_username": claims.get("upn") or claims.get("unique_name")}
    try:
        return tenant, identity.admit(about, names)
    except identity.UserDisabled as disabled:
        raise Fault(HTTPStatus.UNAUTHORIZED, Code.ACCESS_DENIED, "The account is disabled.") from disabled


def _confirmed(raw: str) -> Mapping[str, Any]:
    """What the provider says of the token now. Raises TokenRejected when it counts no more, ProviderUnavailable."""
    said = introspected(raw, hint="access_token")
    if said is None:
        raise TokenRejected(Rejection.REVOKED)
    return said


def _require_in_force(token: AccessToken, *moments: datetime | None) -> None:
    if any(moment is not None and token.issued_at < moment for moment in moments):
        raise TokenRejected(Rejection.REVOKED)


def _bearer(authorization: str) -> str:
    scheme, _space, raw = authorization.partition(" ")
    if scheme.lower() != "bearer" or not raw.strip():
        raise Fault(
            HTTPStatus.UNAUTHORIZED,
            Code.TOKEN_MISSING,
            "The call carries no token: send it as 'Authorization: Bearer <access token>'.",
            headers={"WWW-Authenticate": "Bearer"},  # RFC 6750 section 3.1: no error code where no token was sent
        )
    return raw.strip()


_WORDS = {
    Rejection.EXPIRED: "The token has expired: get a new one with the refresh token.",
    Rejection.REVOKED: "The token was revoked: sign in again.",
    Rejection.NOT_YET_VALID: "The token is not valid yet: compare the clocks.",
    Rejection.ISSUER: "The token is not from this API's identity provider, or its issuer is not its tenant.",
    Rejection.SIGNATURE: "The token's signature is wrong.",
    Rejection.KEY: "The token is signed with a key that the identity provider does not publish.",
    Rejection.ALGORITHM: "The token's signature algorithm is not accepted.",
    Rejection.CLAIM_MISSING: "The token lacks a claim that is needed: iss, aud, iat, nbf, exp, tid, sub and appid.",
}


def refused(reason: Rejection) -> Fault:
    """The refusal of a token that does not count."""
    if reason is Rejection.AUDIENCE:
        description = f"The token is for another audience: ask for a token for {settings.API_AUDIENCES[0]}."
        return Fault(HTTPStatus.UNAUTHORIZED, Code.WRONG_AUDIENCE, description, headers=invalid_token())
    description = f"Access denied. {_WORDS.get(reason, 'The token cannot be read.')}"
    return Fault(HTTPStatus.UNAUTHORIZED, Code.ACCESS_DENIED, description, headers=invalid_token())


def invalid_token() -> dict[str, str]:
    """RFC 6750 section 3.1, spelled as requirement A3 has it."""
    return {"WWW-Authenticate": 'Bearer error="invalid_token"'}


def _privileges(description: str) -> Fault:
    return Fault(HTTPStatus.FORBIDDEN, Code.PRIVILEGES, description)


def _unknown_tenant() -> Fault:
    return Fault(HTTPStatus.NOT_FOUND, Code.TENANT_NOT_FOUND, "The token's tenant is not enrolled as a partner.")
