"""What access tokens say: of a person or of an application, in the shape of the API that they are for (A1, A4)."""

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from entra.apps.models import Application
from entra.apps.resources import Resource
from entra.keys.issuer import issuer
from entra.keys.services import sign
from entra.oauth.models import Grant
from entra.oauth.names import TENANT_REGION
from entra.oauth.target import Target
from entra.oauth.tokens import common_claims, evidence_claims, login_name, profile_claims, validity


def access_token(grant: Grant, target: Target, proof: str, now: datetime) -> str:
    """A person's token. `proof` is how well the application proved itself when it asked for it."""
    return sign(access_claims(grant, target, proof, now))


def access_claims(grant: Grant, target: Target, proof: str, now: datetime) -> dict[str, Any]:
    """What it says. The claim `grant` lets a revocation be seen where the token is used."""
    version = "1.0" if target.resource.v1_tokens else grant.version
    claims = common_claims(grant, now, version) | {
        "aud": target.resource.audience,
        "grant": str(grant.pk),
        "uti": _uti(),
    }
    if target.resource.v1_tokens:
        claims |= {"scp": " ".join(target.permissions), **_person(grant)}
    else:
        # The directory API answers userinfo too, by the OpenID Connect scopes.
        claims |= {"scp": " ".join([*target.openid, *target.permissions]), **profile_claims(grant, target.openid)}
    claims |= {"acrs": acrs} if (acrs := sorted({*grant.acrs, *target.acrs})) else {}
    claims |= {"xms_cc": list(target.capabilities)} if target.capabilities else {}
    client = str(grant.application_id)
    if version == "1.0":
        # `acr` of a v1 access token says only whether anybody signed in: "1". Which factors, is in `amr`.
        claims |= {**evidence_claims(grant), "acr": "1", "appid": client, "appidacr": proof}
    else:
        claims |= {"azp": client, "azpacr": proof}
    return claims


def application_token(
    *, application: Application, tenant_id: uuid.UUID, resource: Resource, roles: list[str], proof: str
) -> str:
    """A token of an application that acts as itself."""
    claims = application_claims(
        application=application, tenant_id=tenant_id, resource=resource, roles=roles, proof=proof
    )
    return sign(claims)


def application_claims(
    *, application: Application, tenant_id: uuid.UUID, resource: Resource, roles: list[str], proof: str
) -> dict[str, Any]:
    """What it says: `roles` instead of `scp`, and nobody's evidence."""
    principal = str(application.principal_in(tenant_id))
    version = "1.0" if resource.v1_tokens else "2.0"
    client, proven = ("appid", "appidacr") if resource.v1_tokens else ("azp", "azpacr")
    return validity(timezone.now()) | {
        "iss": issuer(tenant_id, version),
        "aud": resource.audience,
        "sub": principal,
        "oid": principal,
        "tid": str(tenant_id),
        client: str(application.pk),
        proven: proof,
        "idtyp": "app",
        "roles": roles,
        "uti": _uti(),
        "ver": version,
    }


def _person(grant: Grant) -> dict[str, Any]:
    """Who it is, for an API that looks nobody up."""
    account = grant.account
    claims = {"name": account.display_name, "tenant_region_scope": TENANT_REGION, **login_name(account, "1.0")}
    claims |= {"given_name": account.given_name} if account.given_name else {}
    claims |= {"family_name": account.surname} if account.surname else {}
    claims |= {"ipaddr": grant.ip_address} if grant.ip_address else {}
    return claims


def _uti() -> str:
    return secrets.token_urlsafe(16)
