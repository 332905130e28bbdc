import time
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from tests.portal.accounts.op import CLIENT_ID, OID, TENANT, Provider

CAEP = "https://schemas.openid.net/secevent/caep/event-type"
RISC = "https://schemas.openid.net/secevent/risc/event-type"
ADMIN_AGENTS = "a0000000-0000-4000-8000-000000000031"
Told = Callable[..., str]


@pytest.fixture
def john(op: Provider, fabrikam: PartnerTenant) -> User:
    """John as this provider names him."""
    return User.objects.create(
        tenant=fabrikam,
        issuer=op.issuer,
        subject="subject-of-john",
        oid=OID,
        display_name="John Evans",
        user_principal_name="john@fabrikam.example",
        projected_roles=[Role.ADMIN_AGENT.value],
    )


def subject(session: str | None = None) -> dict[str, Any]:
    named = {"user": OID, "tenant": TENANT, "session": session}
    return {"format": "complex"} | {name: {"format": "opaque", "id": value} for name, value in named.items() if value}


@pytest.fixture
def told(op: Provider) -> Told:
    """A signed event: `told("session-revoked", facts, at=…, session=…, **claims to change; None drops one)`."""

    def sign(
        event: str,
        facts: dict[str, Any] | None = None,
        *,
        at: float | None = None,
        session: str | None = None,
        **changed: Any,
    ) -> str:
        at = time.time() if at is None else at
        family = RISC if event.startswith("account-") else CAEP
        kind = event if event.startswith("urn:") else f"{family}/{event}"
        claims = {
            "iss": op.issuer,
            "aud": CLIENT_ID,
            "iat": int(at),
            "jti": f"jti-{time.monotonic_ns()}",
            "sub_id": subject(session),
            "events": {kind: {"event_timestamp": at, **(facts or {})}},
            **changed,
        }
        before, op.typ = op.typ, "secevent+jwt" if op.typ == "JWT" else op.typ
        token = op.sign({name: value for name, value in claims.items() if value is not None})
        op.typ = before
        return token

    return sign
