"""`amr`, `acr`, `auth_time`: what each set of proofs amounts to (V6), typed from the requirement."""

from datetime import UTC, datetime, timedelta

import pytest

from entra.signin.evidence import evidence_of
from entra.signin.facts import Proof
from entra.signin.method import Method, Source

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


PASSWORD = Proof(Method.PASSWORD, at(0))
APP = Proof(Method.AUTHENTICATOR_APP, at(1))
TOKEN = Proof(Method.HARDWARE_TOKEN, at(1))
TOUCHED_KEY = Proof(Method.SECURITY_KEY, at(1))
PIN_KEY = Proof(Method.SECURITY_KEY, at(1), user_verified=True)
RECOVERY = Proof(Method.RECOVERY_CODE, at(1))
PASS = Proof(Method.TEMPORARY_PASS, at(0))
FEDERATED = Proof(Method.FEDERATED, at(0), source=Source.FEDERATED)
FEDERATED_MFA = Proof(Method.FEDERATED, at(0), source=Source.FEDERATED, proves_mfa=True)
CONTROL = Proof(Method.CUSTOM_CONTROL, at(1), proves_mfa=True)


@pytest.mark.requirement("V6")
@pytest.mark.parametrize(
    ("proofs", "amr"),
    [
        ([], ()),
        ([PASSWORD], ("pwd",)),
        ([PASSWORD, APP], ("pwd", "otp", "mfa")),
        ([PASSWORD, TOKEN], ("pwd", "otp", "mfa")),
        ([PASSWORD, TOUCHED_KEY], ("pwd", "rsa", "mfa")),
        ([PASSWORD, PIN_KEY], ("pwd", "rsa", "mfa")),
        ([PIN_KEY], ("rsa", "mfa")),
        ([PASSWORD, RECOVERY], ("pwd", "mfa")),
        ([FEDERATED], ("fed",)),
        ([FEDERATED_MFA], ("fed", "mfa")),
        ([FEDERATED, APP], ("fed", "otp", "mfa")),
        ([PASSWORD, CONTROL], ("pwd",)),
        ([PASS], ("pwd",)),
        ([PASSWORD, PASS], ("pwd",)),
        ([PASS, APP], ("pwd", "otp", "mfa")),
    ],
)
def test_amr_lists_what_was_really_used(proofs: list[Proof], amr: tuple[str, ...]) -> None:
    assert evidence_of(proofs).amr == amr


@pytest.mark.requirement("V6")
@pytest.mark.parametrize(
    ("proofs", "counting", "amr"),
    [
        ((PASSWORD, APP), (), ("pwd",)),
        ((PASSWORD, APP, TOUCHED_KEY), (TOUCHED_KEY,), ("pwd", "rsa", "mfa")),
        ((PIN_KEY,), (), ("rsa",)),
    ],
)
def test_a_second_factor_that_does_not_count_here_is_not_told(
    proofs: tuple[Proof, ...], counting: tuple[Proof, ...], amr: tuple[str, ...]
) -> None:
    assert evidence_of(proofs, second_factor_counts=counting).amr == amr


@pytest.mark.parametrize("proof", [APP, TOKEN, TOUCHED_KEY, RECOVERY, CONTROL])
def test_a_second_factor_alone_signs_nobody_in(proof: Proof) -> None:
    assert not evidence_of([proof]).first_factor


@pytest.mark.requirement("V9")
def test_a_custom_control_never_counts_as_mfa_whatever_it_reports() -> None:
    assert not evidence_of([PASSWORD, CONTROL]).mfa


@pytest.mark.requirement("V7")
def test_federated_proof_is_ignored_where_the_domain_says_so() -> None:
    evidence = evidence_of([FEDERATED_MFA], trusts_federated_mfa=False)
    assert (evidence.amr, evidence.mfa) == (("fed",), False)


def test_a_fresh_password_does_not_make_an_old_second_factor_look_fresh() -> None:
    again = Proof(Method.PASSWORD, at(600))
    assert evidence_of([PASSWORD, APP, again]).auth_time == at(1)


def test_a_later_second_factor_does_not_make_an_old_password_look_fresh() -> None:
    late = Proof(Method.AUTHENTICATOR_APP, at(600))
    assert evidence_of([PASSWORD, late]).auth_time == at(0)


def test_both_factors_done_again_are_fresh() -> None:
    again = [Proof(Method.PASSWORD, at(600)), Proof(Method.AUTHENTICATOR_APP, at(601))]
    assert evidence_of([PASSWORD, APP, *again]).auth_time == at(600)


@pytest.mark.parametrize(("proofs", "recovery"), [([PASSWORD, RECOVERY], True), ([PASSWORD, RECOVERY, APP], False)])
def test_a_recovery_code_is_flagged_unless_a_method_was_used_too(proofs: list[Proof], recovery: bool) -> None:
    assert evidence_of(proofs).recovery is recovery


@pytest.mark.parametrize(
    ("proofs", "wanted", "acr"),
    [
        ([PASSWORD], (), "1"),
        ([PASSWORD, APP], (), "2"),
        ([PASSWORD, APP], ("urn:microsoft:policies:mfa",), "urn:microsoft:policies:mfa"),
        ([PASSWORD, APP], ("1", "2"), "1"),
        ([PASSWORD], ("2", "1"), "1"),
        ([PASSWORD], ("2",), "1"),
        ([PASSWORD, APP], ("possessionorinherence",), "possessionorinherence"),
    ],
)
def test_acr_is_the_first_wanted_value_that_is_met(proofs: list[Proof], wanted: tuple[str, ...], acr: str) -> None:
    assert evidence_of(proofs).acr_for(wanted) == acr
