"""Essential requirements, met or refused, never ignored (OIDC Core 5.5.1.1; V3, V4, M14): `decide` as a table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from entra.policy.evaluate import Verdict
from entra.signin.decide import Ask, Issue, Refuse
from entra.signin.facts import Proof, SessionFacts
from entra.signin.method import Method
from entra.signin.request import Prompt
from entra.signin.steps import Step
from tests.entra.signin.situations import (
    APP,
    CONTROL,
    ENROLLED,
    ESSENTIAL,
    NEITHER,
    NOBODY,
    NOW,
    PASSWORD,
    USER,
    amr_of,
    asked,
    outcome,
    signed_in,
    step_of,
)


@pytest.mark.requirement("V3", "M11")
@pytest.mark.parametrize("fields", ESSENTIAL)
def test_essential_mfa_asks_only_for_the_missing_factor(fields: dict[str, Any]) -> None:
    user = replace(USER, registered=ENROLLED)
    assert step_of(outcome(asked(**fields), signed_in(PASSWORD), user)) is Step.VERIFY


@pytest.mark.requirement("V3")
@pytest.mark.parametrize("fields", ESSENTIAL)
def test_essential_mfa_leads_to_registration_the_first_time(fields: dict[str, Any]) -> None:
    assert step_of(outcome(asked(**fields), signed_in(PASSWORD))) is Step.REGISTER


@pytest.mark.requirement("M13")
@pytest.mark.parametrize("fields", ESSENTIAL)
def test_essential_mfa_done_in_this_session_is_not_asked_again(fields: dict[str, Any]) -> None:
    assert "mfa" in amr_of(outcome(asked(**fields), signed_in(PASSWORD, APP)))


@pytest.mark.parametrize("fields", ESSENTIAL)
@pytest.mark.parametrize(
    "prompt", [frozenset(), {Prompt.NONE}, {Prompt.LOGIN}, {Prompt.CONSENT}, {Prompt.SELECT_ACCOUNT}]
)
@pytest.mark.parametrize("registered", [ENROLLED, NEITHER])
@pytest.mark.parametrize("allowed", [ENROLLED, NEITHER])
def test_a_single_factor_session_never_gets_a_token_for_essential_mfa(
    fields: dict[str, Any], prompt: set[Prompt], registered: frozenset[Method], allowed: frozenset[Method]
) -> None:
    fresh = Proof(Method.PASSWORD, NOW + timedelta(seconds=1))
    user = replace(USER, registered=registered, allowed=allowed)
    session = signed_in(PASSWORD, fresh, selected=True, consented=True)
    assert not isinstance(outcome(asked(prompt=frozenset(prompt), **fields), session, user), Issue)


@pytest.mark.parametrize(
    "fields", [{"essential_acr": ("gold",)}, {"essential_amr": ("iris",)}, {"essential_acrs": ("c26",)}]
)
@pytest.mark.parametrize("session", [NOBODY, signed_in(PASSWORD, APP)])
def test_an_essential_value_nobody_knows_is_an_error(fields: dict[str, Any], session: SessionFacts) -> None:
    assert outcome(asked(**fields), session) == Refuse("unmet_authentication_requirements", 50076)


@pytest.mark.parametrize("fields", ESSENTIAL)
def test_prompt_none_with_essential_mfa_is_interaction_required(fields: dict[str, Any]) -> None:
    request = asked(prompt=frozenset({Prompt.NONE}), **fields)
    user = replace(USER, registered=ENROLLED)
    assert outcome(request, signed_in(PASSWORD), user) == Refuse("interaction_required", 50076)


def test_a_named_second_factor_is_asked_for_even_after_another_one() -> None:
    user = replace(USER, registered=frozenset({Method.AUTHENTICATOR_APP, Method.SECURITY_KEY}))
    decision = outcome(asked(essential_amr=("rsa",)), signed_in(PASSWORD, APP), user)
    assert decision == Ask(Step.VERIFY, methods=frozenset({Method.SECURITY_KEY}))


def test_another_method_is_never_registered_on_a_password_alone() -> None:
    user = replace(USER, registered=ENROLLED)
    assert step_of(outcome(asked(essential_amr=("rsa",)), signed_in(PASSWORD), user)) is Step.VERIFY
    assert step_of(outcome(asked(essential_amr=("rsa",)), signed_in(PASSWORD, APP), user)) is Step.REGISTER


def test_an_answer_to_ngcmfa_says_ngcmfa() -> None:
    assert amr_of(outcome(asked(essential_amr=("ngcmfa",)), signed_in(PASSWORD, APP))) == (
        "pwd",
        "otp",
        "mfa",
        "ngcmfa",
    )


def test_a_voluntary_acr_is_asked_for_and_let_go_when_it_cannot_be_had() -> None:
    request = asked(voluntary_acr=("2",))
    assert step_of(outcome(request, signed_in(PASSWORD), replace(USER, registered=ENROLLED))) is Step.VERIFY
    decision = outcome(request, signed_in(PASSWORD), replace(USER, allowed=NEITHER))
    assert isinstance(decision, Issue)
    assert decision.acr == "1"


def test_a_voluntary_acr_is_let_go_when_no_page_may_be_shown() -> None:
    silent = asked(voluntary_acr=("2",), prompt=frozenset({Prompt.NONE}))
    for user in (USER, replace(USER, registered=ENROLLED)):
        decision = outcome(silent, signed_in(PASSWORD), user)
        assert isinstance(decision, Issue)
        assert (decision.acr, decision.amr) == ("1", ("pwd",))
    assert outcome(silent, signed_in(PASSWORD), verdict=Verdict(mfa=True)) == Refuse("interaction_required", 50079)


@pytest.mark.requirement("V4")
def test_a_custom_control_is_passed_first_and_amr_stays_pwd() -> None:
    verdict = Verdict(custom_controls=("7",))
    assert step_of(outcome(session=signed_in(PASSWORD), verdict=verdict)) is Step.CUSTOM_CONTROL
    assert amr_of(outcome(session=signed_in(PASSWORD, CONTROL), verdict=verdict)) == ("pwd",)


@pytest.mark.requirement("V4", "V9", "M14")
@pytest.mark.parametrize("fields", ESSENTIAL)
def test_essential_mfa_behind_a_custom_control_ends_in_50158(fields: dict[str, Any]) -> None:
    user = replace(USER, allowed=NEITHER)
    verdict = Verdict(custom_controls=("7",))
    decision = outcome(asked(**fields), signed_in(PASSWORD, CONTROL), user, verdict)
    assert decision == Refuse("interaction_required", 50158)


@pytest.mark.requirement("V4")
def test_once_a_method_is_allowed_the_same_person_can_register() -> None:
    verdict = Verdict(custom_controls=("7",))
    user = replace(USER, allowed=ENROLLED)
    decision = outcome(asked(essential_amr=("mfa",)), signed_in(PASSWORD, CONTROL), user, verdict)
    assert step_of(decision) is Step.REGISTER


def test_without_a_custom_control_and_without_a_method_it_ends_in_50079() -> None:
    decision = outcome(asked(essential_amr=("mfa",)), signed_in(PASSWORD), replace(USER, allowed=NEITHER))
    assert decision == Refuse("unmet_authentication_requirements", 50079)
