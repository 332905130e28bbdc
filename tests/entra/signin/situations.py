"""Situations for the tests of `decide`: requests, sessions, accounts by value."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from entra.policy.evaluate import Verdict
from entra.signin.decide import Ask, Decision, Issue, decide
from entra.signin.facts import ClientFacts, Proof, SessionFacts, TenantFacts, UserFacts
from entra.signin.method import Method
from entra.signin.request import SignInRequest
from entra.signin.steps import Step

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
JOHN, OTHER, TENANT = UUID(int=1), UUID(int=2), UUID(int=9)
EARLIER = NOW - timedelta(hours=3)
PASSWORD = Proof(Method.PASSWORD, EARLIER)
APP = Proof(Method.AUTHENTICATOR_APP, EARLIER + timedelta(minutes=1))
RECOVERY = Proof(Method.RECOVERY_CODE, EARLIER + timedelta(minutes=1))
CONTROL = Proof(Method.CUSTOM_CONTROL, EARLIER, device_id="7")
FED = Proof(Method.FEDERATED, EARLIER)
FED_MFA = Proof(Method.FEDERATED, EARLIER, proves_mfa=True)
ENROLLED = frozenset({Method.AUTHENTICATOR_APP})

REQUEST = SignInRequest(client_id="c", redirect_uri="https://app.example/cb", requested_at=0, scope=("openid",))
NOBODY = SessionFacts(started_at=NOW)
USER = UserFacts(account_id=JOHN, resource_oid=JOHN)
GUEST = replace(USER, resource_oid=UUID(int=5), guest=True, registered=ENROLLED)
NEITHER = frozenset[Method]()

ESSENTIAL: list[dict[str, Any]] = [
    {"essential_amr": ("mfa",)},
    {"essential_amr": ("ngcmfa",)},
    {"essential_acr": ("urn:microsoft:policies:mfa",)},
    {"essential_acr": ("2",)},
    {"essential_acr": ("possessionorinherence",)},
    {"essential_acrs": ("c1",)},
]


def signed_in(*proofs: Proof, **facts: Any) -> SessionFacts:
    return SessionFacts(**({"started_at": NOW, "account_id": JOHN, "proofs": proofs} | facts))


def asked(**fields: Any) -> SignInRequest:
    known = {name: getattr(REQUEST, name) for name in REQUEST.__struct_fields__}
    return SignInRequest(**(known | fields))


def outcome(
    request: SignInRequest = REQUEST,
    session: SessionFacts = NOBODY,
    user: UserFacts | None = USER,
    verdict: Verdict | None = None,
    tenant: TenantFacts | None = None,
    client: ClientFacts | None = None,
) -> Decision:
    return decide(
        request=request,
        session=session,
        tenant=tenant or TenantFacts(id=TENANT),
        client=client or ClientFacts(preauthorized=True),
        user=user,
        verdict=verdict or Verdict(),
        now=NOW,
    )


def step_of(decision: Decision) -> Step:
    assert isinstance(decision, Ask), decision
    return decision.step


def amr_of(decision: Decision) -> tuple[str, ...]:
    assert isinstance(decision, Issue), decision
    return decision.amr
