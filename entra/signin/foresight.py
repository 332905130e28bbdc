"""What a sign-in would come to, foreseen: the very `evaluate` and `decide` that answer it, over a person by value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from uuid import UUID

from django.utils import timezone

from entra.directory.methods.batch import usable_methods_of
from entra.directory.models import HardwareToken, Tenant, User
from entra.federation.models import FederatedDomain
from entra.policy.evaluate import Subject, Verdict
from entra.policy.services import allowed_methods, verdict_for
from entra.policy.subjects import subjects_of
from entra.signin.decide import Ask, Decision, Issue, Refuse, decide
from entra.signin.facts import ClientFacts, FederatedMfa, Proof, SessionFacts, UserFacts
from entra.signin.gather import tenant_facts
from entra.signin.method import Method, Source
from entra.signin.request import SignInRequest
from entra.signin.standing import facts_by_value, standing_of, user_facts
from entra.signin.steps import Step

_AT_ONCE = 5000


class Outcome(StrEnum):
    ALLOW = "allow"
    PROMPT = "prompt"
    """The person is asked for more: verification, registration, a custom control, the own provider."""
    BLOCK = "block"


@dataclass(frozen=True)
class Foreseen:
    """What follows the first factor. `code` is the AADSTS code of a block."""

    outcome: Outcome
    step: Step | None = None
    methods: frozenset[Method] = frozenset()
    code: int = 0


@dataclass(frozen=True)
class WhatIf:
    """The answer to "what if": what the person would meet, and the verdict with every rule that was weighed."""

    foreseen: Foreseen
    verdict: Verdict


def what_if(*, account: User, client_id: str, ip: str = "", known_place: bool = False, legacy: bool = False) -> WhatIf:
    """Weigh a sign-in that has not happened, of an account of the resource tenant. Reads as the sign-in itself does.

    `known_place`: the account has verified there before, with this browser and from this address.
    """
    now, home = timezone.now(), account.home
    verdict = verdict_for(
        account=home,
        resource_account=account,
        client_id=client_id,
        ip=ip,
        now=now,
        known_device=known_place,
        known_location=known_place,
        legacy=legacy,
    )
    facts = user_facts(home, account, standing_of(home))
    return WhatIf(foresee(facts=facts, tenant=account.tenant, verdict=verdict, now=now, legacy=legacy), verdict)


@dataclass(frozen=True)
class Person:
    """An account of a tenant, as rules and decisions see it."""

    account: User
    subject: Subject
    facts: UserFacts
    token_waits: bool
    """Some hardware token could be activated: assigned to this person and not activated yet, or to nobody."""


def people(tenant: Tenant, accounts: Iterable[User]) -> Iterator[Person]:
    """The accounts by value, a few queries for each 5000. Select `home_account__tenant` and `tenant` with them."""
    allowed = cache(allowed_methods)
    for some in _batches(accounts):
        usable = usable_methods_of({account.home.pk for account in some})
        subjects = subjects_of(tenant, some, usable)
        domains = {account.home.domain_name for account in some}
        tokens = _waiting_tokens({account.home.tenant_id for account in some})
        said = FederatedDomain.objects.filter(domain__in=domains).values_list("domain_id", "federated_idp_mfa_behavior")
        federations = {domain: FederatedMfa(behavior) for domain, behavior in said}
        for account in some:
            home = account.home
            facts = facts_by_value(
                home,
                account,
                federation=federations.get(home.domain_name),
                usable=usable.get(home.pk, ()),
                allowed=allowed(home.tenant_id),
            )
            waits = not tokens.isdisjoint({(home.tenant_id, None), (home.tenant_id, home.pk)})
            yield Person(account, subjects[account.pk], facts, waits)


def _waiting_tokens(tenants: set[UUID]) -> set[tuple[UUID, UUID | None]]:
    """In which tenant, and for whom, a token waits; for None anybody there may activate it."""
    waiting = HardwareToken.objects.filter(tenant__in=tenants, confirmed=False)
    return set(waiting.values_list("tenant_id", "account_id").distinct())


def _batches(accounts: Iterable[User]) -> Iterator[list[User]]:
    waiting: list[User] = []
    for account in accounts:
        waiting.append(account)
        if len(waiting) == _AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def foresee(*, facts: UserFacts, tenant: Tenant, verdict: Verdict, now: datetime, legacy: bool = False) -> Foreseen:
    """Return what somebody who has just given the first factor meets, and nothing else has been proven."""
    first = Method.FEDERATED if facts.federated else Method.PASSWORD
    source = Source.FEDERATED if facts.federated else Source.LOCAL
    decision = decide(
        request=SignInRequest(client_id="", redirect_uri="", requested_at=int(now.timestamp())),
        session=SessionFacts(
            started_at=now,
            account_id=facts.account_id,
            proofs=(Proof(first, now, source),),
            selected=True,
            put_off_registration=True,  # what may be put off keeps nobody from signing in
        ),
        tenant=tenant_facts(tenant),
        client=ClientFacts(preauthorized=True),
        user=facts,
        verdict=verdict,
        now=now,
    )
    return _foreseen(decision, legacy=legacy)


def _foreseen(decision: Decision, *, legacy: bool) -> Foreseen:
    match decision:
        case Issue():
            return Foreseen(Outcome.ALLOW)
        case Refuse():
            return Foreseen(Outcome.BLOCK, code=decision.code)
        case Ask() if legacy:
            return Foreseen(Outcome.BLOCK, code=50076)  # no page can be shown there (V14)
        case Ask():
            return Foreseen(Outcome.PROMPT, decision.step, decision.methods)


def gets_through(person: Person, foreseen: Foreseen) -> bool:
    """Whether the person can do what is asked. A hardware token can only be registered where one waits.

    Whoever has a method that is not allowed here cannot register another instead: a password alone never adds one.
    """
    if foreseen.step is not Step.REGISTER:
        return foreseen.outcome is not Outcome.BLOCK
    if person.facts.registered:
        return False
    return bool(foreseen.methods - {Method.HARDWARE_TOKEN}) or person.token_waits
