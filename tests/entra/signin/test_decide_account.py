"""Which account a request is about, consent and cancelling: `decide` as a table."""

from dataclasses import replace

import pytest

from entra.signin.decide import Ask, Refuse
from entra.signin.facts import ClientFacts, SessionFacts
from entra.signin.request import Prompt
from entra.signin.steps import Step
from tests.entra.signin.situations import (
    APP,
    JOHN,
    NOW,
    OTHER,
    PASSWORD,
    USER,
    amr_of,
    asked,
    outcome,
    signed_in,
    step_of,
)


def test_nobody_known_is_asked_who_they_are() -> None:
    assert step_of(outcome(user=None)) is Step.IDENTIFY


def test_a_chosen_account_is_asked_for_its_password() -> None:
    assert step_of(outcome()) is Step.PASSWORD


def test_a_federated_account_goes_to_its_own_provider() -> None:
    assert step_of(outcome(user=replace(USER, federated=True))) is Step.FEDERATE


def test_a_live_session_is_answered_at_once() -> None:
    assert amr_of(outcome(session=signed_in(PASSWORD))) == ("pwd",)


def test_the_session_of_another_account_proves_nothing() -> None:
    session = SessionFacts(started_at=NOW, account_id=OTHER, proofs=(PASSWORD, APP))
    assert step_of(outcome(session=session)) is Step.PASSWORD


def test_a_hinted_account_is_asked_for_while_another_is_signed_in() -> None:
    session = SessionFacts(started_at=NOW, account_id=OTHER, proofs=(PASSWORD, APP), pinned_id=JOHN)
    assert step_of(outcome(asked(login_hint="john@fabrikam.example"), session)) is Step.PASSWORD


def test_another_account_than_the_pinned_one_is_an_error() -> None:
    session = SessionFacts(started_at=NOW, account_id=OTHER, proofs=(PASSWORD,), pinned_id=JOHN)
    user = replace(USER, account_id=OTHER, resource_oid=OTHER)
    assert outcome(session=session, user=user) == Refuse("login_required", 50058)


@pytest.mark.parametrize("prompt", [frozenset(), {Prompt.NONE}])
def test_an_id_token_hint_of_another_account_is_an_error(prompt: set[Prompt]) -> None:
    session = SessionFacts(started_at=NOW, account_id=OTHER, proofs=(PASSWORD, APP), pinned_id=JOHN)
    request = asked(expected_oid=str(JOHN), prompt=frozenset(prompt))
    assert outcome(request, session) == Refuse("login_required", 50058)


@pytest.mark.parametrize(
    ("client", "prompt", "consented", "asks"),
    [
        (ClientFacts(preauthorized=True), frozenset(), False, False),
        (ClientFacts(granted=True), frozenset(), False, False),
        (ClientFacts(), frozenset(), False, True),
        (ClientFacts(), frozenset(), True, False),
        (ClientFacts(preauthorized=True), frozenset({Prompt.CONSENT}), False, True),
        (ClientFacts(granted=True), frozenset({Prompt.CONSENT}), False, True),
        (ClientFacts(), frozenset({Prompt.CONSENT}), True, False),
    ],
)
def test_consent_is_asked_when_it_is_missing_or_wanted(
    client: ClientFacts, prompt: frozenset[Prompt], consented: bool, asks: bool
) -> None:
    decision = outcome(asked(prompt=prompt), signed_in(PASSWORD, consented=consented), client=client)
    assert isinstance(decision, Ask) is asks
    assert not asks or step_of(decision) is Step.CONSENT


def test_a_cancelled_step_is_the_answer() -> None:
    session = signed_in(PASSWORD, APP, refused=("access_denied", 500121))
    assert outcome(session=session) == Refuse("access_denied", 500121)
