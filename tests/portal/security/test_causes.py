"""The cause of an operation without MFA, for each pair of causes that stand beside each other (Q5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.enforcement import Obstacle, Option
from activity.models import Channel
from security.causes.rules import (
    AccountFacts,
    Cause,
    Condition,
    Defaults,
    Facts,
    SignInFacts,
    TokenFacts,
    Unread,
    cause_of,
    condition_of,
)

pytestmark = pytest.mark.requirement("Q5")
PORTAL, API = Channel.PORTAL, Channel.APP_AND_USER
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
OPEN = AccountFacts(obstacle=Obstacle.NOTHING)
REGISTERED = replace(OPEN, registered=True)
DEFAULTS = AccountFacts(by=Option.SECURITY_DEFAULTS)
ASKED_AT_RISK = replace(DEFAULTS, registered=True)
FEDERATED = AccountFacts(by=Option.FEDERATION)
SIGNED_IN = SignInFacts(at=NOON)
LEGACY = SignInFacts(at=NOON, legacy=True)
WAITING = SignInFacts(at=NOON, defaults=Defaults.WAITING)
NOT_RISKY = SignInFacts(at=NOON, defaults=Defaults.NOT_RISKY)


def token(minutes: int) -> TokenFacts:
    """Issued so many minutes after the sign-in."""
    return TokenFacts(issued_at=NOON + timedelta(minutes=minutes), auth_time=NOON)


def unread(*what: Unread) -> frozenset[Unread]:
    return frozenset(what)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # nobody can do it again
        (Facts(PORTAL, None), Cause.TAIL),
        (Facts(PORTAL, replace(OPEN, enabled=False)), Cause.TAIL),
        (Facts(PORTAL, AccountFacts(by=Option.CONDITIONAL_ACCESS, policy="P")), Cause.TAIL),
        (Facts(PORTAL, AccountFacts(by=Option.PER_USER)), Cause.TAIL),
        (Facts(API, AccountFacts(by=Option.PER_USER), LEGACY), Cause.TAIL),
        (Facts(API, AccountFacts(by=Option.CONDITIONAL_ACCESS), SIGNED_IN, token(60)), Cause.TAIL),
        # a password sent by an application, before everything else that lets it through
        (Facts(API, OPEN, LEGACY, token(0)), Cause.LEGACY),
        (Facts(API, OPEN, LEGACY, token(60)), Cause.LEGACY),
        (Facts(API, AccountFacts(obstacle=Obstacle.EXCLUDED), LEGACY, token(0)), Cause.LEGACY),
        (Facts(API, OPEN, LEGACY, token(0), refused_since=True), Cause.TAIL),
        (Facts(API, OPEN, LEGACY, token(0), with_mfa_since=True), Cause.TAIL),
        (Facts(API, DEFAULTS, LEGACY, token(0)), Cause.TAIL),  # security defaults refuse it
        (Facts(API, FEDERATED, LEGACY, token(0)), Cause.TAIL),
        # its grant may go on all the same
        (Facts(API, OPEN, LEGACY, token(60), refused_since=True), Cause.GRANT_WITHOUT_MFA),
        # a grant that lives on, before the rules for signing in
        (Facts(API, OPEN, SIGNED_IN, token(11)), Cause.GRANT_WITHOUT_MFA),
        (Facts(API, OPEN, SIGNED_IN, token(10)), Cause.NOT_REGISTERED),
        (Facts(API, AccountFacts(obstacle=Obstacle.EXCLUDED), SIGNED_IN, token(60)), Cause.GRANT_WITHOUT_MFA),
        (Facts(API, DEFAULTS, WAITING, token(60)), Cause.GRANT_WITHOUT_MFA),
        (Facts(API, FEDERATED, SIGNED_IN, token(60)), Cause.GRANT_WITHOUT_MFA),
        (Facts(API, OPEN, SIGNED_IN, token(60), with_mfa_since=True), Cause.TAIL),
        (Facts(API, OPEN, None, token(60)), Cause.GRANT_WITHOUT_MFA),
        (Facts(API, OPEN, None, TokenFacts(issued_at=NOON)), Cause.GRANT_WITHOUT_MFA),  # signed in before the window
        (Facts(API, OPEN, SIGNED_IN, TokenFacts(issued_at=NOON)), Cause.NOT_REGISTERED),
        (Facts(API, OPEN, SIGNED_IN, TokenFacts(auth_time=NOON)), Cause.NOT_REGISTERED),  # issued nobody knows when
        # signed in anew within the session: the proof is old, the token is of a sign-in
        (
            Facts(API, OPEN, SIGNED_IN, TokenFacts(issued_at=NOON, auth_time=NOON - timedelta(hours=3))),
            Cause.NOT_REGISTERED,
        ),
        # a federation that relays the proof by now
        (Facts(PORTAL, FEDERATED, SIGNED_IN), Cause.TAIL),
        (Facts(API, FEDERATED, SIGNED_IN, token(0)), Cause.TAIL),
        # security defaults
        (Facts(PORTAL, DEFAULTS, WAITING), Cause.DEFAULTS_WAITING),
        (Facts(PORTAL, ASKED_AT_RISK, WAITING), Cause.TAIL),
        (Facts(PORTAL, ASKED_AT_RISK, NOT_RISKY), Cause.DEFAULTS_NOT_RISKY),
        (Facts(PORTAL, DEFAULTS, NOT_RISKY), Cause.DEFAULTS_NOT_RISKY),  # has given the method up since
        (Facts(PORTAL, DEFAULTS, SIGNED_IN), Cause.DEFAULTS_WAITING),  # switched on since
        (Facts(PORTAL, ASKED_AT_RISK, SIGNED_IN), Cause.DEFAULTS_NOT_RISKY),
        (Facts(PORTAL, DEFAULTS), Cause.DEFAULTS_WAITING),
        (Facts(PORTAL, ASKED_AT_RISK), Cause.DEFAULTS_NOT_RISKY),
        (Facts(PORTAL, DEFAULTS, WAITING, unread=unread(Unread.REGISTRATIONS)), Cause.DEFAULTS_WAITING),
        (Facts(PORTAL, DEFAULTS, SIGNED_IN, unread=unread(Unread.REGISTRATIONS)), Cause.UNKNOWN),
        (Facts(PORTAL, DEFAULTS, NOT_RISKY, unread=unread(Unread.REGISTRATIONS)), Cause.DEFAULTS_NOT_RISKY),
        # what stands against a rule that there is
        (Facts(PORTAL, AccountFacts(obstacle=Obstacle.EXCLUDED, policy="P")), Cause.EXCLUDED),
        (Facts(PORTAL, AccountFacts(obstacle=Obstacle.CONDITIONAL, policy="P")), Cause.CONDITION_NOT_MET),
        (Facts(PORTAL, AccountFacts(obstacle=Obstacle.REPORT_ONLY, policy="P")), Cause.REPORT_ONLY),
        (Facts(PORTAL, AccountFacts(obstacle=Obstacle.FEDERATED_WITHOUT_PROOF)), Cause.FEDERATED_WITHOUT_PROOF),
        (Facts(PORTAL, AccountFacts(obstacle=Obstacle.CUSTOM_CONTROL, policy="P")), Cause.CUSTOM_CONTROL),
        (Facts(API, replace(REGISTERED, elsewhere="P"), SIGNED_IN, token(0)), Cause.CONDITION_NOT_MET),
        (
            Facts(PORTAL, AccountFacts(obstacle=Obstacle.EXCLUDED), unread=unread(Unread.PER_USER)),
            Cause.EXCLUDED,
        ),
        # no rule at all
        (Facts(PORTAL, OPEN, SIGNED_IN), Cause.NOT_REGISTERED),
        (Facts(PORTAL, REGISTERED, SIGNED_IN), Cause.NOT_ENFORCED),
        (Facts(PORTAL, REGISTERED, SIGNED_IN, with_mfa_since=True), Cause.NOT_ENFORCED),  # V5: the next day without
        (Facts(PORTAL, OPEN, SIGNED_IN, unread=unread(Unread.REGISTRATIONS)), Cause.NOT_ENFORCED),
        # none that was seen
        (Facts(PORTAL, OPEN, SIGNED_IN, unread=unread(Unread.POLICIES)), Cause.UNKNOWN),
        (Facts(PORTAL, OPEN, SIGNED_IN, unread=unread(Unread.DOMAINS)), Cause.UNKNOWN),
        (Facts(PORTAL, REGISTERED, SIGNED_IN, unread=unread(Unread.PER_USER)), Cause.UNKNOWN),
        (Facts(API, OPEN, None, token(60), unread=unread(Unread.SIGN_INS)), Cause.UNKNOWN),
        (Facts(PORTAL, OPEN, None, unread=unread(Unread.SIGN_INS)), Cause.NOT_REGISTERED),
    ],
)
def test_the_cause_follows_from_the_facts(facts: Facts, expected: Cause) -> None:
    assert cause_of(facts) is expected


@pytest.mark.parametrize(
    ("account", "sign_in", "expected"),
    [
        (AccountFacts(policy="P"), replace(SIGNED_IN, conditions={"P": Condition.LOCATION}), Condition.LOCATION),
        (AccountFacts(policy="P"), replace(SIGNED_IN, conditions={"Q": Condition.LOCATION}), None),
        (AccountFacts(policy="P"), None, None),
        (AccountFacts(elsewhere="P"), SIGNED_IN, Condition.APPLICATION),
        (None, SIGNED_IN, None),
    ],
)
def test_the_condition_is_the_one_of_the_policy_that_stands_against_it(
    account: AccountFacts | None, sign_in: SignInFacts | None, expected: Condition | None
) -> None:
    assert condition_of(Facts(PORTAL, account, sign_in)) is expected
