"""Writes the sign-in log. Nothing here may fail a sign-in: what cannot be written is reported to the error log."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from activity.prepared import insert
from entra.apps.models import Application
from entra.apps.services import find_application
from entra.directory.models import Tenant, User
from entra.directory.services import account_in, find_domain
from entra.policy.evaluate import Verdict, Weighed, Why
from entra.signin.decide import Ask, Decision, Issue, Refuse, missing_factors
from entra.signin.evidence import Evidence, evidence_of
from entra.signin.facts import FederatedMfa, Proof
from entra.signin.gather import Weighing
from entra.signin.method import Method
from entra.signin.models import Interaction, PolicyStatus, Protocol, SignIn, SignInResult
from entra.signin.network import client_ip
from entra.signin.policy_results import PolicyResult, results

logger = logging.getLogger(__name__)
WRONG_PASSWORD = 50126
_WRONG_CODE = 500121
TOO_MANY = 50053
_DISABLED = 50057
_DECLINED = frozenset({65004, 500121})
_TO_DO = frozenset({"interaction_required", "consent_required", "login_required", "account_selection_required"})
P = ParamSpec("P")


def harmless(write: Callable[P, None]) -> Callable[P, None]:
    """A log that cannot be written is reported and never stops the sign-in it is about."""

    @wraps(write)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with transaction.atomic():  # a savepoint where a transaction is under way
                write(*args, **kwargs)
        except Exception:
            logger.exception("A sign-in could not be logged")

    return attempt


@harmless
def record_answer(request: HttpRequest, interaction: Interaction, weighing: Weighing, decision: Decision) -> None:
    """An authorize request was answered with a code or an error. Without an account there is nothing to keep."""
    if weighing.home is None or weighing.user is None or isinstance(decision, Ask):
        return
    evidence = _evidence(weighing, decision)
    _write(
        request,
        interaction,
        home=weighing.home,
        application=weighing.application,
        account=weighing.account,
        interactive=not interaction._state.adding,
        result=_result(decision),
        error_code=decision.code if isinstance(decision, Refuse) else 0,
        amr=list(evidence.amr),
        mfa_satisfied=evidence.mfa,
        **_evaluation(weighing, decision, evidence),
    )


@harmless
def record_wrong_password(request: HttpRequest, interaction: Interaction, name: str, *, locked: bool = False) -> None:
    """A wrong password. The same work for a name that nobody has, which is not kept: it may be a secret typed here."""
    domain = find_domain(name)
    if domain is None:
        return
    home = User.objects.select_related("tenant").filter(user_principal_name=name, home_account__isnull=True).first()
    _write(
        request,
        interaction,
        home=home,
        home_tenant=domain.tenant,
        interactive=True,
        result=SignInResult.FAILURE,
        error_code=TOO_MANY if locked else WRONG_PASSWORD,
        proofs=[said(Method.PASSWORD, succeeded=False)],
    )


@harmless
def record_disabled(request: HttpRequest, interaction: Interaction, home: User) -> None:
    """The right password of an account that may not sign in."""
    _write(
        request,
        interaction,
        home=home,
        interactive=True,
        result=SignInResult.FAILURE,
        error_code=_DISABLED,
        proofs=[said(Method.PASSWORD, succeeded=True)],
    )


@harmless
def record_wrong_factor(
    request: HttpRequest, interaction: Interaction, weighing: Weighing, method: Method, *, locked: bool = False
) -> None:
    """A second factor that was wrong, or no further guess is taken."""
    if weighing.home is None or weighing.user is None:
        return
    code = TOO_MANY if locked else _WRONG_CODE
    decision = Refuse("access_denied", code)
    evidence = _evidence(weighing, decision)
    facts = _evaluation(weighing, decision, evidence)
    facts["proofs"].append(said(method, succeeded=False))
    _write(
        request,
        interaction,
        home=weighing.home,
        account=weighing.account,
        interactive=True,
        result=SignInResult.FAILURE,
        error_code=code,
        amr=list(evidence.amr),
        **facts,
    )


def _result(decision: Decision) -> SignInResult:
    if isinstance(decision, Issue):
        return SignInResult.SUCCESS
    to_do = isinstance(decision, Refuse) and (decision.error in _TO_DO or decision.code in _DECLINED)
    return SignInResult.INTERRUPTED if to_do else SignInResult.FAILURE


def _evidence(weighing: Weighing, decision: Decision) -> Evidence:
    if isinstance(decision, Issue):
        return decision.evidence
    user = weighing.user
    trusts = user is not None and user.federated_mfa is not FederatedMfa.REJECT
    return evidence_of(weighing.proofs, trusts_federated_mfa=trusts)


def _evaluation(weighing: Weighing, decision: Decision, evidence: Evidence) -> dict[str, Any]:
    """The rules weighed and what they came to. No query: everything was read for the decision."""
    verdict, user = weighing.verdict, weighing.user
    passed = [proof.device_id for proof in weighing.proofs if proof.method is Method.CUSTOM_CONTROL]
    found = results(verdict, decision, mfa=evidence.mfa, passed_controls=passed, would=weighing.would)
    first = Evidence(amr=("pwd",), auth_time=timezone.now())
    asked = user is not None and missing_factors(weighing.request, first, user) is not None
    return {
        "mfa_required": asked or verdict.mfa,
        "federated": user is not None and user.federated,
        "proofs": [_given(proof, timezone.now()) for proof in weighing.proofs],
        "policy_status": status_of(result for _one, result in found),
        "weighed": [weighed(one, result) | _deadline(one, verdict) for one, result in found],
    }


def _deadline(one: Weighed, verdict: Verdict) -> dict[str, int]:
    """How long registration may still wait, in seconds after the sign-in."""
    if one.why != Why.REGISTRATION_PERIOD or verdict.register_by is None:
        return {}
    return {"registerIn": int((verdict.register_by - timezone.now()).total_seconds())}


def weighed(one: Weighed, result: PolicyResult | None) -> dict[str, Any]:
    """One rule and what it came to, as the log keeps it."""
    return {
        "rule": one.rule,
        "applies": one.applies,
        "why": str(one.why),
        "policyId": one.policy.id if one.policy else "",
        "grant": one.policy.grant.value if one.policy else "",
        "result": result.value if result else "",
    }


def status_of(found: Iterable[PolicyResult | None]) -> PolicyStatus:
    """What the policies came to together."""
    seen = set(found)
    if PolicyResult.FAILURE in seen:
        return PolicyStatus.FAILURE
    return PolicyStatus.SUCCESS if PolicyResult.SUCCESS in seen else PolicyStatus.NOT_APPLIED


def _given(proof: Proof, now: datetime) -> dict[str, Any]:
    age = max(0, int((now - proof.at).total_seconds()))
    return {
        "method": proof.method.value,
        "source": proof.source.value,
        "provesMfa": proof.proves_mfa,
        "succeeded": True,
        "age": age,
    }


def said(method: Method, *, succeeded: bool) -> dict[str, Any]:
    """A proof given just now, right or wrong, as the log keeps it."""
    return {"method": method.value, "source": "local", "provesMfa": False, "succeeded": succeeded, "age": 0}


def _write(
    request: HttpRequest,
    interaction: Interaction,
    *,
    home: User | None,
    application: Application | None = None,
    account: User | None = None,
    home_tenant: Tenant | None = None,
    **facts: Any,
) -> None:
    """Into the log of the resource tenant if the account has a place there, else into that of the home tenant."""
    own = home.tenant if home else home_tenant
    if own is None:
        return
    resource = interaction.tenant or own
    there = account or (account_in(home, resource) if home else None)
    application = application or find_application(str(interaction.client_id))
    keep(
        request,
        tenant_id=there.tenant_id if there else own.pk,
        account=there or home,
        home_tenant_id=own.pk,
        resource_tenant_id=resource.pk,
        application_id=interaction.client_id,
        application_name=application.name if application else "",
        correlation_id=interaction.correlation_id,
        protocol=Protocol.DEVICE_CODE if interaction.request.get("device") else Protocol.OAUTH2,
        **facts,
    )


def keep(request: HttpRequest, **facts: Any) -> None:
    """Write the row, with what the request itself says."""
    insert(
        SignIn(
            at=timezone.now(),
            ip_address=client_ip(request) or None,
            user_agent=request.headers.get("User-Agent", "")[:200],
            **facts,
        )
    )
