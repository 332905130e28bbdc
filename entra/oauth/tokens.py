"""What ID tokens say, and what they share with access tokens. The evidence is the grant's, unchanged (V6)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from entra.directory.models import User, UserType
from entra.directory.services import groups_and_roles
from entra.keys.issuer import issuer
from entra.keys.services import sign
from entra.oauth.models import Grant
from entra.oauth.names import pairwise_subject

LIFETIME = timedelta(seconds=3900)


def id_token(grant: Grant, scope: Collection[str], *, nonce: str | None = None) -> str:
    """OIDC Core section 2, with the provider's own claims. A nonce is echoed only when one was sent."""
    claims = common_claims(grant, timezone.now(), grant.version)
    claims |= (
        {"aud": str(grant.application_id), "sid": str(grant.session_id)}
        if grant.session_id
        else {"aud": str(grant.application_id)}
    )
    claims |= profile_claims(grant, scope)
    if nonce is not None:
        claims["nonce"] = nonce
    # Entra's own v2 ID tokens carry no evidence; a tenant can have them like that.
    if grant.version == "1.0" or not grant.tenant.strict_entra_tokens:
        claims |= evidence_claims(grant)
    if grant.acrs:
        claims["acrs"] = grant.acrs
    claims["acct"] = 1 if grant.account.user_type == UserType.GUEST else 0
    groups, roles = groups_and_roles(grant.account)
    claims |= {"groups": [str(group) for group in groups]} if groups else {}
    claims |= {"wids": roles} if roles else {}
    return sign(claims)


def profile_claims(grant: Grant, scope: Collection[str]) -> dict[str, Any]:
    """Claims that the scopes `profile` and `email` ask for (OIDC Core 5.4).

    `scope` is that of the token at hand: a refresh may narrow what the grant allows (RFC 6749 section 6).
    """
    account = grant.account
    claims: dict[str, Any] = {}
    if "profile" in scope:
        claims |= {"name": account.display_name} | login_name(account, grant.version)
        claims |= {"given_name": account.given_name} if account.given_name else {}
        claims |= {"family_name": account.surname} if account.surname else {}
    if "email" in scope and account.mail:
        claims["email"] = account.mail
    return claims


def login_name(account: User, version: str) -> dict[str, str]:
    name = account.home.user_principal_name
    return {"preferred_username": name} if version == "2.0" else {"unique_name": name, "upn": name}


def common_claims(grant: Grant, now: datetime, version: str) -> dict[str, Any]:
    return validity(now) | {
        "iss": issuer(grant.tenant_id, version),
        "sub": pairwise_subject(grant.application_id, grant.account_id),
        "tid": str(grant.tenant_id),
        "oid": str(grant.account_id),
        "ver": version,
    }


def validity(now: datetime) -> dict[str, Any]:
    at = int(now.timestamp())
    return {"iat": at, "nbf": at, "exp": at + int(LIFETIME.total_seconds())}


def evidence_claims(grant: Grant) -> dict[str, Any]:
    return {"amr": grant.amr, "acr": grant.acr, "auth_time": int(grant.auth_time.timestamp())}
