"""What ID tokens and access tokens say. The evidence comes from the grant, unchanged (requirement V6)."""

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import Tenant, User, UserType
from entra.directory.services import group_ids, role_template_ids
from entra.keys.issuer import issuer
from entra.keys.services import sign
from entra.oauth.models import Grant
from entra.oauth.names import GRAPH_AUDIENCE, pairwise_subject

LIFETIME = timedelta(seconds=3900)


def id_token(grant: Grant, scope: Collection[str], *, nonce: str | None = None) -> str:
    """OIDC Core section 2, with the provider's own claims. A nonce is echoed only when one was sent."""
    claims = _common(grant, timezone.now())
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
        claims |= _evidence(grant)
    if grant.acrs:
        claims["acrs"] = grant.acrs
    claims["acct"] = 1 if grant.account.user_type == UserType.GUEST else 0
    if groups := group_ids(grant.account):
        claims["groups"] = [str(group) for group in groups]
    if roles := role_template_ids(grant.account):
        claims["wids"] = roles
    return sign(claims)


def access_token(grant: Grant, scope: Collection[str], proof: str) -> str:
    """A token for the provider's own userinfo endpoint. `grant` lets a revocation be seen there.

    `proof` is how well the application proved itself when it asked for the token.
    """
    claims = _common(grant, timezone.now())
    claims |= {
        "aud": GRAPH_AUDIENCE,
        "scp": " ".join(scope),
        "grant": str(grant.pk),
        "uti": secrets.token_urlsafe(16),
    }
    claims |= profile_claims(grant, scope)
    client = str(grant.application_id)
    if grant.version == "1.0":
        # `acr` of a v1 access token says only whether anybody signed in: "1". Which factors, is in `amr`.
        claims |= {**_evidence(grant), "acr": "1", "appid": client, "appidacr": proof}
    else:
        claims |= {"azp": client, "azpacr": proof}
    return sign(claims)


def application_token(application: Application, tenant: Tenant, roles: list[str], proof: str) -> str:
    """A token of an application that acts as itself: `roles` instead of `scp`, and nobody's evidence."""
    principal = str(uuid.uuid5(tenant.pk, str(application.pk)))  # the application's own object in this tenant
    claims = _lasting(timezone.now()) | {
        "iss": issuer(tenant.pk, "2.0"),
        "aud": GRAPH_AUDIENCE,
        "sub": principal,
        "oid": principal,
        "tid": str(tenant.pk),
        "azp": str(application.pk),
        "azpacr": proof,
        "idtyp": "app",
        "roles": roles,
        "uti": secrets.token_urlsafe(16),
        "ver": "2.0",
    }
    return sign(claims)


def profile_claims(grant: Grant, scope: Collection[str]) -> dict[str, Any]:
    """Claims that the scopes `profile` and `email` ask for (OIDC Core 5.4).

    `scope` is that of the token at hand: a refresh may narrow what the grant allows (RFC 6749 section 6).
    """
    account = grant.account
    claims: dict[str, Any] = {}
    if "profile" in scope:
        claims |= {"name": account.display_name} | _login_name(account, grant.version)
        claims |= {"given_name": account.given_name} if account.given_name else {}
        claims |= {"family_name": account.surname} if account.surname else {}
    if "email" in scope and account.mail:
        claims["email"] = account.mail
    return claims


def _login_name(account: User, version: str) -> dict[str, str]:
    name = account.home.user_principal_name
    return {"preferred_username": name} if version == "2.0" else {"unique_name": name, "upn": name}


def _common(grant: Grant, now: datetime) -> dict[str, Any]:
    return _lasting(now) | {
        "iss": issuer(grant.tenant_id, grant.version),
        "sub": pairwise_subject(grant.application_id, grant.account_id),
        "tid": str(grant.tenant_id),
        "oid": str(grant.account_id),
        "ver": grant.version,
    }


def _lasting(now: datetime) -> dict[str, Any]:
    at = int(now.timestamp())
    return {"iat": at, "nbf": at, "exp": at + int(LIFETIME.total_seconds())}


def _evidence(grant: Grant) -> dict[str, Any]:
    return {"amr": grant.amr, "acr": grant.acr, "auth_time": int(grant.auth_time.timestamp())}
