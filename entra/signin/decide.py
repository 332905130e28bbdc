"""What an authorize request gets next: an answer, a page, or an error. Pure; tested as a table."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from entra.policy.evaluate import Verdict
from entra.signin.evidence import MFA_ACR, MFA_AMR, PROVABLE_BY, SINGLE_FACTOR_ACR, Evidence, evidence_of
from entra.signin.facts import (
    SECOND_FACTORS,
    ClientFacts,
    FederatedMfa,
    Proof,
    SessionFacts,
    TenantFacts,
    UserFacts,
)
from entra.signin.method import Method
from entra.signin.request import Prompt, SignInRequest
from entra.signin.steps import Step

AUTHENTICATION_CONTEXTS = frozenset(f"c{number}" for number in range(1, 26))
"""All of them stand for MFA here."""
CONSENT_MAX_AGE = timedelta(minutes=15)
"""How old verification may be at the moment somebody consents (M23)."""


@dataclass(frozen=True)
class Issue:
    """The request may be answered with a code; the evidence is copied unchanged into every token of it."""

    evidence: Evidence
    amr: tuple[str, ...]
    acr: str
    acrs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """The person has to do something first."""

    step: Step
    methods: frozenset[Method] = field(default_factory=frozenset)
    """Second factors that would do, for REGISTER and VERIFY."""
    fresh: bool = False
    """FEDERATE: the other provider must authenticate anew."""
    mfa: bool = False
    """FEDERATE: the other provider must do MFA."""
    control: str = ""
    """CUSTOM_CONTROL: which one."""
    verified: bool = False
    """CONSENT: the person has proven more than one factor."""
    put_off_until: datetime | None = None
    """REGISTER: nobody has to before then; the person may go on without (V12)."""


@dataclass(frozen=True)
class Refuse:
    """The request ends in an error: its OAuth name and the AADSTS code that explains it."""

    error: str
    code: int


Decision = Issue | Ask | Refuse


def decide(
    *,
    request: SignInRequest,
    session: SessionFacts,
    tenant: TenantFacts | None,
    client: ClientFacts,
    user: UserFacts | None,
    verdict: Verdict,
    now: datetime,
) -> Decision:
    """Weigh one request. `user` is None while no account is chosen; `tenant` is then None at `common`."""
    if session.refused is not None:
        return Refuse(*session.refused)
    if not _attainable(request):
        return Refuse("unmet_authentication_requirements", 50076)
    decision = _who(request, session, user)
    if decision is None and user is not None and tenant is not None:
        decision = _proven(request, session, tenant, client, user, verdict, now)
    if decision is None:
        return Ask(Step.IDENTIFY)
    if Prompt.NONE in request.prompt and isinstance(decision, Ask):
        return _silent(decision, session)
    return decision


def _attainable(request: SignInRequest) -> bool:
    """Essential values that no sign-in here can ever meet end the request at once (OIDC Core 5.5.1.1)."""
    known_acr = {*MFA_ACR, *SINGLE_FACTOR_ACR}
    known_amr = {*PROVABLE_BY, "pwd", "fed"}
    demands = (
        (request.essential_acr, known_acr),
        (request.essential_amr, known_amr),
        (request.essential_acrs, AUTHENTICATION_CONTEXTS),
    )
    return all(not wanted or not known.isdisjoint(wanted) for wanted, known in demands)


def _who(request: SignInRequest, session: SessionFacts, user: UserFacts | None) -> Decision | None:
    """Which account this is about, before any proof is looked at."""
    if request.expected_oid and session.account_id and session.account_id != session.pinned_id:
        return Refuse("login_required", 50058)
    if Prompt.SELECT_ACCOUNT in request.prompt and not session.selected and not session.pinned_id:
        return Ask(Step.SELECT if session.account_id else Step.IDENTIFY)
    if user is None:
        return Ask(Step.IDENTIFY)
    if session.pinned_id and user.account_id != session.pinned_id:
        return Refuse("login_required", 50058)
    if user.resource_oid is None:
        return Refuse("access_denied", 50020) if session.selected or session.pinned_id else Ask(Step.SELECT)
    return None


def _proven(
    request: SignInRequest,
    session: SessionFacts,
    tenant: TenantFacts,
    client: ClientFacts,
    user: UserFacts,
    verdict: Verdict,
    now: datetime,
) -> Decision:
    """First factor, then what the policy and the request demand on top, then consent."""
    consents = client.mfa_at_consent and Prompt.NONE not in request.prompt and _needs_consent(request, session, client)
    if consents:
        # Consent gives power away for long: both factors, and fresh ones, come first (M23, S8). How long the page has
        # been open does not matter: whoever comes back to it after an hour verifies again.
        request = msgspec.structs.replace(request, essential_acr=MFA_ACR[:1])
    freshest = now - CONSENT_MAX_AGE if consents else None
    since = max(filter(None, (_fresh_from(request, session), user.valid_from, freshest)), default=None)
    own = session.proofs if session.account_id == user.account_id else ()
    proofs = tuple(p for p in own if since is None or p.at >= since)
    evidence = evidence_of(
        proofs,
        trusts_federated_mfa=user.federated_mfa is not FederatedMfa.REJECT,
        second_factor_counts=[p for p in proofs if _may_be_second(p, session, tenant, user, now)],
    )
    wanted = missing_factors(request, evidence, user)
    demanded = wanted is not None or verdict.mfa
    if not evidence.first_factor:
        fresh = consents or _fresh_from(request, session) is not None or len(proofs) < len(own)
        return _first_factor(user, fresh=fresh, mfa=demanded)
    if not user.enabled or verdict.block:
        return Refuse("access_denied", 53003 if user.enabled else 50057)
    passed = {p.device_id for p in proofs if p.method is Method.CUSTOM_CONTROL}
    for control in verdict.custom_controls:
        if control not in passed:
            return Ask(Step.CUSTOM_CONTROL, control=control)
    if wanted is not None or (demanded and not evidence.mfa):
        step = _second_factor(request, session, user, verdict, evidence, proofs, wanted)
        # A voluntary `acr` that cannot be met, or not without a page, is let go, unless the policy demands MFA anyway.
        possible = isinstance(step, Ask) and Prompt.NONE not in request.prompt
        if possible or request.is_essential or (verdict.mfa and not evidence.mfa):
            return step
    offer = _offered_registration(request, session, user, verdict, evidence)
    consent = Ask(Step.CONSENT, verified=evidence.mfa) if _needs_consent(request, session, client) else None
    return offer or consent or _issue(request, evidence, user)


def _fresh_from(request: SignInRequest, session: SessionFacts) -> datetime | None:
    """Proofs older than this do not count for this request (OIDC Core 3.1.2.1: prompt=login, max_age)."""
    if Prompt.LOGIN in request.prompt:
        return session.started_at
    # Measured from the start of the interaction: a person who types for a minute has not aged in the meantime.
    return None if request.max_age is None else session.started_at - timedelta(seconds=request.max_age)


def _may_be_second(proof: Proof, session: SessionFacts, tenant: TenantFacts, user: UserFacts, now: datetime) -> bool:
    """Whether the resource tenant accepts this proof as a second factor (M23 maximum age, V: trust in home MFA)."""
    if tenant.max_mfa_age is not None and proof.at < now - tenant.max_mfa_age:
        return False
    if user.guest and not tenant.trusts_home_mfa:
        local = proof.method is not Method.FEDERATED
        return local and (proof.tenant_id == tenant.id or proof.at >= session.started_at)
    return True


def missing_factors(request: SignInRequest, evidence: Evidence, user: UserFacts) -> frozenset[Method] | None:
    """The second factors that would meet what the request asks for; None when nothing more is needed.

    An empty set means that nothing can.
    """
    missing: list[frozenset[Method]] = []
    acr = request.essential_acr or request.voluntary_acr
    if (
        not any(evidence.meets_acr(value) for value in acr)
        and not set(acr) & set(SINGLE_FACTOR_ACR)
        and set(acr) & set(MFA_ACR)
    ):
        missing.append(SECOND_FACTORS)
    if request.essential_acrs and not evidence.mfa:
        missing.append(SECOND_FACTORS)
    amr = set(request.essential_amr)
    if amr and not amr & _held_amr(evidence):
        first = "fed" if user.federated else "pwd"
        if evidence.first_factor or first not in amr:
            missing.append(frozenset().union(*(PROVABLE_BY.get(value, frozenset()) for value in amr)))
    return frozenset.intersection(*missing) if missing else None


def _held_amr(evidence: Evidence) -> set[str]:
    return {*evidence.amr, *(MFA_AMR if evidence.mfa else ())}


def _first_factor(user: UserFacts, *, fresh: bool, mfa: bool) -> Ask:
    if user.federated:
        return Ask(Step.FEDERATE, fresh=fresh, mfa=mfa and user.federated_mfa is FederatedMfa.ENFORCE)
    return Ask(Step.PASSWORD)


def _second_factor(
    request: SignInRequest,
    session: SessionFacts,
    user: UserFacts,
    verdict: Verdict,
    evidence: Evidence,
    proofs: tuple[Proof, ...],
    wanted: frozenset[Method] | None,
) -> Ask | Refuse:
    """Ask for the factor that is missing, or say why it cannot be had."""
    unmet = "unmet_authentication_requirements" if request.is_essential else "access_denied"
    if user.federated and user.federated_mfa is FederatedMfa.ENFORCE:
        asked = session.federated_mfa_asked_at
        answered = asked is not None and any(p.method is Method.FEDERATED and p.at >= asked for p in proofs)
        # One bounce only: a provider that was asked for MFA and did not prove it is not asked again.
        return Refuse(unmet, 50079) if answered or evidence.mfa else Ask(Step.FEDERATE, fresh=True, mfa=True)
    methods = (SECOND_FACTORS if wanted is None else wanted) & user.allowed
    held = user.registered & user.allowed
    if held and not evidence.mfa and (methods or not request.is_essential):
        # Another method is never registered on a password alone by someone who has one.
        return Ask(Step.VERIFY, methods=held & methods or held)
    if held & methods:
        return Ask(Step.VERIFY, methods=held & methods)
    if registrable := methods - {Method.RECOVERY_CODE}:
        return Ask(Step.REGISTER, methods=registrable)
    if verdict.custom_controls:
        return Refuse("interaction_required", 50158)
    return Refuse(unmet, 50079)


def _offered_registration(
    request: SignInRequest, session: SessionFacts, user: UserFacts, verdict: Verdict, evidence: Evidence
) -> Ask | None:
    """While the days to register last the person is told of them once a browser session, and may put it off (V12)."""
    answered = session.put_off_registration or evidence.mfa or Prompt.NONE in request.prompt
    elsewhere = user.federated and user.federated_mfa is FederatedMfa.ENFORCE
    registrable = (SECOND_FACTORS & user.allowed) - {Method.RECOVERY_CODE}
    if verdict.register_by is None or answered or elsewhere or not registrable:
        return None
    return Ask(Step.REGISTER, methods=registrable, put_off_until=verdict.register_by)


def _needs_consent(request: SignInRequest, session: SessionFacts, client: ClientFacts) -> bool:
    if session.consented:
        return False
    return Prompt.CONSENT in request.prompt or not (client.preauthorized or client.granted)


def _issue(request: SignInRequest, evidence: Evidence, user: UserFacts) -> Issue | Refuse:
    # The last word, whatever path led here: an essential requirement that is unmet never becomes a token.
    if request.is_essential and missing_factors(request, evidence, user) is not None:
        return Refuse("unmet_authentication_requirements", 50076)
    asked_alias = "ngcmfa" in request.essential_amr and evidence.mfa
    return Issue(
        evidence=evidence,
        amr=(*evidence.amr, "ngcmfa") if asked_alias else evidence.amr,
        acr=evidence.acr_for(request.essential_acr or request.voluntary_acr),
        acrs=tuple(one for one in request.essential_acrs if one in AUTHENTICATION_CONTEXTS) if evidence.mfa else (),
    )


_SILENT_ERRORS = {
    Step.SELECT: ("account_selection_required", 16000),
    Step.VERIFY: ("interaction_required", 50076),
    Step.REGISTER: ("interaction_required", 50079),
    Step.CUSTOM_CONTROL: ("interaction_required", 50158),
    Step.CONSENT: ("consent_required", 65001),
}


def _silent(ask: Ask, session: SessionFacts) -> Refuse:
    """prompt=none: what would have been a page is an error (OIDC Core 3.1.2.6)."""
    if ask.step is Step.FEDERATE and ask.mfa and session.account_id is not None:
        return Refuse("interaction_required", 50076)
    return Refuse(*_SILENT_ERRORS.get(ask.step, ("login_required", 50058)))
