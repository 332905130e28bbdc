"""The demo's token forge: tokens that developers test a client or an API with, good ones and wrong ones.

What is signed with the provider's key says only what is true of the person or application in the forger's own tenant,
apart from how well they proved themselves and when. What is wrong by its tenant or signature never sees that key: it
is unsigned, or signed with a key that this process made for the purpose and nobody publishes. No token is stored.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from activity.actions import AuditAction
from activity.services import record_audit
from entra.apps.administration import app_roles
from entra.apps.models import Application
from entra.apps.resources import Resource, partner_center
from entra.directory.models import Tenant, User
from entra.keys.issuer import issuer
from entra.keys.services import published_keys, sign
from entra.oauth.access_tokens import access_claims, application_claims
from entra.oauth.client_authentication import ClientProof
from entra.oauth.models import Grant
from entra.oauth.target import Target

NOBODYS_TENANT = "00000000-0000-4000-8000-000000000000"
NOBODYS_ISSUER = "https://issuer.invalid"  # RFC 6761: a name that nobody can have
FORGED_KEY_ID = "forged"
_AWAY = timedelta(hours=1)


class ForgeAction(AuditAction):
    FORGED = "token.forged"


class Flaw(StrEnum):
    """What is wrong with the token, one thing at a time."""

    NOTHING = ""
    EXPIRED = "expired"
    NOT_YET_VALID = "notYetValid"
    OTHER_ISSUER = "otherIssuer"
    OTHER_TENANT = "otherTenant"
    UNSIGNED = "unsigned"
    PUBLIC_KEY_AS_SECRET = "publicKeyAsSecret"
    UNKNOWN_KEY = "unknownKey"
    BAD_SIGNATURE = "badSignature"


_LIVE = frozenset({Flaw.NOTHING, Flaw.NOT_YET_VALID})
"""Such a token counts now or later, so that a grant has to stand behind it, which can be revoked."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """A token to make in `tenant`: of `person`, an account there, or of the application itself.

    `audience` is the identifier of an API, empty for Partner Center. `proven_ago` is the age of `auth_time`.
    """

    tenant: Tenant
    person: User | None
    application: Application
    version: str
    audience: str
    amr: tuple[str, ...]
    acr: str
    proven_ago: timedelta
    takes_claims_challenges: bool
    lifetime: timedelta
    flaw: Flaw

    @property
    def resource(self) -> Resource:
        """Partner Center keeps its permissions; with any other audience the token permits nothing anywhere."""
        found = partner_center()
        if self.audience:
            found = replace(found, audience=self.audience, app_id="")
        return replace(found, v1_tokens=self.version == "1.0")


@transaction.atomic
def forge(order: Order, *, actor: str) -> str:
    """Make the token and record who had it made for whom."""
    claims = _without_empty(_claims(order)) | _times(order)
    if order.takes_claims_challenges:
        claims["xms_cc"] = ["cp1"]
    about = order.person or order.application
    record_audit(
        action=ForgeAction.FORGED,
        actor=actor,
        tenant_id=order.tenant.pk,
        subject=str(about.pk),
        detail={
            "for": order.person.user_principal_name if order.person else order.application.name,
            "application": str(order.application.pk),
            "audience": claims["aud"],
            "amr": list(order.amr),
            "flaw": order.flaw.value,
            "uti": claims["uti"],
        },
    )
    return _signed(claims, order)


def _claims(order: Order) -> dict[str, Any]:
    proof = ClientProof.NONE if order.application.public else ClientProof.SECRET
    if order.person is None:
        roles = app_roles(application=order.application, tenant=order.tenant, resource=order.resource)
        return application_claims(
            application=order.application, tenant_id=order.tenant.pk, resource=order.resource, roles=roles, proof=proof
        )
    grant = _grant(order, order.person)
    target = Target(order.resource, (), tuple(sorted(order.resource.delegated)), "")
    claims = access_claims(grant, target, proof, grant.created_at)
    if order.audience or order.flaw not in _LIVE:
        del claims["grant"]
    else:
        grant.save(force_insert=True)
    return claims | {"amr": list(order.amr), "acr": order.acr}


def _without_empty(claims: dict[str, Any]) -> dict[str, Any]:
    """Evidence that there is none of is not told."""
    return {name: value for name, value in claims.items() if value or name not in {"amr", "acr"}}


def _grant(order: Order, person: User) -> Grant:
    now = timezone.now()
    return Grant(
        application=order.application,
        account=person,
        tenant=order.tenant,
        version=order.version,
        amr=list(order.amr),
        acr=order.acr,
        auth_time=now - order.proven_ago,
        created_at=now,
    )


def _times(order: Order) -> dict[str, int]:
    """`iat` is never ahead: a revocation between now and then has to be seen to be younger than the token."""
    now, lifetime = timezone.now(), order.lifetime
    issued = now - lifetime - _AWAY if order.flaw is Flaw.EXPIRED else now
    start = now + _AWAY if order.flaw is Flaw.NOT_YET_VALID else issued
    moments = {"iat": issued, "nbf": start, "exp": start + lifetime}
    if order.person is not None:
        moments["auth_time"] = issued - order.proven_ago
    return {name: int(moment.timestamp()) for name, moment in moments.items()}


def _signed(claims: dict[str, Any], order: Order) -> str:
    match order.flaw:
        case Flaw.UNSIGNED:
            return jwt.encode(claims, "", algorithm="none")
        case Flaw.PUBLIC_KEY_AS_SECRET:
            return _by_public_key(claims)
        case Flaw.UNKNOWN_KEY | Flaw.OTHER_TENANT:
            return _by_own_key(claims | _elsewhere(order), FORGED_KEY_ID)
        case Flaw.BAD_SIGNATURE:
            return _by_own_key(claims, str(published_keys()[0]["kid"]))
        case _:
            return sign(claims | _elsewhere(order))


def _elsewhere(order: Order) -> dict[str, str]:
    """Names of nobody, for a token that says to come from elsewhere."""
    if order.flaw is Flaw.OTHER_TENANT:
        return {"tid": NOBODYS_TENANT, "iss": issuer(NOBODYS_TENANT, order.version)}
    return {"iss": f"{NOBODYS_ISSUER}/{order.tenant.pk}/"} if order.flaw is Flaw.OTHER_ISSUER else {}


@lru_cache(maxsize=1)
def _own_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _by_own_key(claims: dict[str, Any], kid: str) -> str:
    return jwt.encode(claims, _own_key(), algorithm="RS256", headers={"kid": kid})


def _by_public_key(claims: dict[str, Any]) -> str:
    """The public key taken for a shared secret (RFC 8725 section 2.1). Anybody can make it, and PyJWT will not."""
    published = published_keys()[0]
    public: Any = RSAAlgorithm.from_jwk(published)
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [{"alg": "HS256", "kid": published["kid"], "typ": "JWT"}, claims]
    signed = b".".join(_encoded(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return (signed + b"." + _encoded(hmac.new(secret, signed, hashlib.sha256).digest())).decode()


def _encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
