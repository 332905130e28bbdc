"""What the tenant demands: policy, federation, guests (V1, V2, V7, V12, M15): `decide` as a table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from entra.policy.evaluate import Verdict
from entra.signin.decide import Ask, Issue, Refuse
from entra.signin.facts import FederatedMfa, Proof, SessionFacts, TenantFacts, UserFacts
from entra.signin.method import Method
from entra.signin.request import Prompt, SignInRequest
from entra.signin.steps import Step
from tests.entra.signin.situations import (
    APP,
    ENROLLED,
    FED,
    FED_MFA,
    GUEST,
    NOW,
    PASSWORD,
    REQUEST,
    TENANT,
    USER,
    amr_of,
    asked,
    outcome,
    signed_in,
    step_of,
)


@pytest.mark.requirement("V1")
def test_mfa_by_policy_is_asked_during_sign_in() -> None:
    user = replace(USER, registered=ENROLLED)
    assert step_of(outcome(session=signed_in(PASSWORD), user=user, verdict=Verdict(mfa=True))) is Step.VERIFY


@pytest.mark.requirement("V5")
def test_having_registered_does_not_ask_for_anything() -> None:
    assert amr_of(outcome(session=signed_in(PASSWORD), user=replace(USER, registered=ENROLLED))) == ("pwd",)


@pytest.mark.requirement("V12")
def test_while_days_to_register_are_left_registration_is_offered_and_may_be_put_off() -> None:
    verdict = Verdict(register_by=NOW + timedelta(days=1))
    offered = outcome(session=signed_in(PASSWORD), verdict=verdict)
    assert step_of(offered) is Step.REGISTER
    assert isinstance(offered, Ask)
    assert offered.put_off_until == NOW + timedelta(days=1)
    put_off = signed_in(PASSWORD, put_off_registration=True)
    assert amr_of(outcome(session=put_off, verdict=verdict)) == ("pwd",)


@pytest.mark.requirement("V12")
def test_what_was_put_off_is_demanded_once_the_days_are_over() -> None:
    demanded = outcome(session=signed_in(PASSWORD, put_off_registration=True), verdict=Verdict(mfa=True))
    assert isinstance(demanded, Ask)
    assert (demanded.step, demanded.put_off_until) == (Step.REGISTER, None)


@pytest.mark.requirement("V12")
@pytest.mark.parametrize(
    ("request_", "session", "user"),
    [
        (asked(prompt=frozenset({Prompt.NONE})), signed_in(PASSWORD), USER),
        (REQUEST, signed_in(FED_MFA), replace(USER, federated=True)),
        (REQUEST, signed_in(FED), replace(USER, federated=True, federated_mfa=FederatedMfa.ENFORCE)),
        (REQUEST, signed_in(PASSWORD), replace(USER, allowed=frozenset())),
    ],
    ids=["no page can be shown", "verified elsewhere", "verifies elsewhere", "nothing to register"],
)
def test_registration_is_not_offered_where(request_: SignInRequest, session: SessionFacts, user: UserFacts) -> None:
    verdict = Verdict(register_by=NOW + timedelta(days=1))
    assert isinstance(outcome(request_, session, user, verdict), Issue)


@pytest.mark.requirement("V12")
def test_an_essential_request_does_not_wait_for_the_14_days() -> None:
    verdict = Verdict(register_by=NOW + timedelta(days=10))
    session = signed_in(PASSWORD, put_off_registration=True)
    decision = outcome(asked(essential_amr=("mfa",)), session, verdict=verdict)
    assert isinstance(decision, Ask)
    assert (decision.step, decision.put_off_until) == (Step.REGISTER, None)


def test_a_blocking_policy_wins_over_everything() -> None:
    decision = outcome(session=signed_in(PASSWORD, APP), verdict=Verdict(block=True, mfa=True))
    assert decision == Refuse("access_denied", 53003)


def test_a_disabled_account_is_told_so_only_after_its_password() -> None:
    user = replace(USER, enabled=False)
    assert step_of(outcome(user=user)) is Step.PASSWORD
    assert outcome(session=signed_in(PASSWORD), user=user) == Refuse("access_denied", 50057)


@pytest.mark.requirement("M23")
def test_a_maximum_age_of_mfa_asks_for_the_second_factor_again() -> None:
    tenant = TenantFacts(id=TENANT, max_mfa_age=timedelta(hours=1))
    user = replace(USER, registered=ENROLLED)
    decision = outcome(asked(essential_amr=("mfa",)), signed_in(PASSWORD, APP), user, tenant=tenant)
    assert step_of(decision) is Step.VERIFY


@pytest.mark.requirement("V2")
def test_federated_mfa_is_accepted() -> None:
    user = replace(USER, federated=True, federated_mfa=FederatedMfa.ENFORCE)
    assert amr_of(outcome(asked(essential_amr=("mfa",)), signed_in(FED_MFA), user)) == ("fed", "mfa")


@pytest.mark.requirement("V7")
def test_enforce_sends_back_for_mfa_exactly_once() -> None:
    user = replace(USER, federated=True, federated_mfa=FederatedMfa.ENFORCE, registered=ENROLLED)
    request = asked(essential_amr=("mfa",))
    assert outcome(request, signed_in(FED), user) == Ask(Step.FEDERATE, fresh=True, mfa=True)
    back = Proof(Method.FEDERATED, NOW + timedelta(seconds=30))
    session = signed_in(FED, back, federated_mfa_asked_at=NOW)
    assert outcome(request, session, user) == Refuse("unmet_authentication_requirements", 50079)


@pytest.mark.requirement("V7")
@pytest.mark.parametrize("behavior", [FederatedMfa.ACCEPT, FederatedMfa.REJECT])
def test_otherwise_the_provider_itself_asks_for_mfa(behavior: FederatedMfa) -> None:
    user = replace(USER, federated=True, federated_mfa=behavior)
    request = asked(essential_amr=("mfa",))
    assert step_of(outcome(request, signed_in(FED), user)) is Step.REGISTER
    assert step_of(outcome(request, signed_in(FED), replace(user, registered=ENROLLED))) is Step.VERIFY


@pytest.mark.requirement("V7")
def test_reject_does_not_believe_the_federated_proof() -> None:
    user = replace(USER, federated=True, federated_mfa=FederatedMfa.REJECT, registered=ENROLLED)
    assert step_of(outcome(asked(essential_amr=("mfa",)), signed_in(FED_MFA), user)) is Step.VERIFY


@pytest.mark.requirement("V7")
def test_mfa_by_policy_is_asked_of_an_enforcing_provider_at_the_first_visit() -> None:
    user = replace(USER, federated=True, federated_mfa=FederatedMfa.ENFORCE)
    assert outcome(user=user, verdict=Verdict(mfa=True)) == Ask(Step.FEDERATE, mfa=True)


@pytest.mark.requirement("M15")
@pytest.mark.parametrize(("trusts", "again"), [(True, False), (False, True)])
def test_mfa_of_the_home_tenant_counts_where_it_is_trusted(trusts: bool, again: bool) -> None:
    tenant = TenantFacts(id=TENANT, trusts_home_mfa=trusts)
    decision = outcome(session=signed_in(PASSWORD, APP), user=GUEST, verdict=Verdict(mfa=True), tenant=tenant)
    assert isinstance(decision, Ask if again else Issue)


@pytest.mark.requirement("M15")
def test_a_factor_given_at_home_answers_no_demand_of_a_tenant_that_does_not_trust_it() -> None:
    wanted = asked(essential_amr=("otp",))
    assert step_of(outcome(wanted, signed_in(PASSWORD, APP), GUEST, tenant=TenantFacts(id=TENANT))) is Step.VERIFY


def test_mfa_given_for_the_resource_tenant_lasts_the_session() -> None:
    here = replace(APP, tenant_id=TENANT)
    assert "mfa" in amr_of(outcome(session=signed_in(PASSWORD, here), user=GUEST, verdict=Verdict(mfa=True)))


def test_an_account_that_is_not_in_the_tenant_may_choose_another_once() -> None:
    stranger = replace(USER, resource_oid=None)
    assert step_of(outcome(session=signed_in(PASSWORD), user=stranger)) is Step.SELECT
    decision = outcome(session=signed_in(PASSWORD, selected=True), user=stranger)
    assert decision == Refuse("access_denied", 50020)
