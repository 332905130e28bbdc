"""Prompt and age of the sign-in (OIDC Core 3.1.2.1): `decide` as a table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from entra.policy.evaluate import Verdict
from entra.signin.decide import Ask, Issue, Refuse
from entra.signin.facts import ClientFacts, Proof, SessionFacts, UserFacts
from entra.signin.method import Method
from entra.signin.request import Prompt
from entra.signin.steps import Step
from tests.entra.signin.situations import (
    APP,
    ENROLLED,
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


@pytest.mark.parametrize("prompt", [Prompt.LOGIN])
def test_prompt_login_asks_again(prompt: Prompt) -> None:
    assert step_of(outcome(asked(prompt=frozenset({prompt})), signed_in(PASSWORD))) is Step.PASSWORD


def test_prompt_login_is_done_by_a_proof_given_since() -> None:
    fresh = Proof(Method.PASSWORD, NOW + timedelta(seconds=20))
    assert amr_of(outcome(asked(prompt=frozenset({Prompt.LOGIN})), signed_in(PASSWORD, fresh))) == ("pwd",)


def test_prompt_login_does_not_carry_an_older_second_factor_along() -> None:
    fresh = Proof(Method.PASSWORD, NOW + timedelta(seconds=20))
    assert amr_of(outcome(asked(prompt=frozenset({Prompt.LOGIN})), signed_in(PASSWORD, APP, fresh))) == ("pwd",)


def test_select_account_shows_the_accounts_once() -> None:
    request = asked(prompt=frozenset({Prompt.SELECT_ACCOUNT}))
    assert step_of(outcome(request, signed_in(PASSWORD))) is Step.SELECT
    assert amr_of(outcome(request, signed_in(PASSWORD, selected=True))) == ("pwd",)


@pytest.mark.parametrize(("max_age", "again"), [(3 * 3600 - 60, True), (3 * 3600 + 60, False), (0, True)])
def test_max_age_asks_again_when_the_sign_in_is_older(max_age: int, again: bool) -> None:
    decision = outcome(asked(max_age=max_age), signed_in(PASSWORD))
    assert isinstance(decision, Ask if again else Issue)


def test_fresh_mfa_asks_both_factors_again() -> None:
    request = asked(max_age=900, essential_amr=("mfa",))
    user = replace(USER, registered=ENROLLED)
    assert step_of(outcome(request, signed_in(PASSWORD, APP), user)) is Step.PASSWORD
    fresh = Proof(Method.PASSWORD, NOW + timedelta(seconds=5))
    assert step_of(outcome(request, signed_in(PASSWORD, APP, fresh), user)) is Step.VERIFY
    verified = Proof(Method.AUTHENTICATOR_APP, NOW + timedelta(seconds=9))
    decision = outcome(request, signed_in(PASSWORD, APP, fresh, verified), user)
    assert amr_of(decision) == ("pwd", "otp", "mfa")
    assert isinstance(decision, Issue)
    assert decision.evidence.auth_time == fresh.at


@pytest.mark.parametrize(
    ("session", "user", "verdict", "client", "expected"),
    [
        (NOBODY, USER, Verdict(), True, ("login_required", 50058)),
        (
            signed_in(PASSWORD),
            replace(USER, registered=ENROLLED),
            Verdict(mfa=True),
            True,
            ("interaction_required", 50076),
        ),
        (signed_in(PASSWORD), USER, Verdict(mfa=True), True, ("interaction_required", 50079)),
        (signed_in(PASSWORD), USER, Verdict(custom_controls=("7",)), True, ("interaction_required", 50158)),
        (signed_in(PASSWORD), USER, Verdict(), False, ("consent_required", 65001)),
    ],
)
def test_prompt_none_turns_every_page_into_its_error(
    session: SessionFacts, user: UserFacts, verdict: Verdict, client: bool, expected: tuple[str, int]
) -> None:
    request = asked(prompt=frozenset({Prompt.NONE}))
    assert outcome(request, session, user, verdict, client=ClientFacts(preauthorized=client)) == Refuse(*expected)


def test_prompt_none_without_an_account_is_login_required() -> None:
    request = asked(prompt=frozenset({Prompt.NONE}))
    assert outcome(request, user=None) == Refuse("login_required", 50058)
