"""What a row of the sign-in log says about MFA, here and at Microsoft's directory (Q5)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from security.causes.rules import Condition, Defaults, SignInFacts
from security.causes.sign_in_facts import facts_of, newest_without_mfa, refused_after, with_mfa

pytestmark = pytest.mark.requirement("Q5")
APP, OTHER = "20000000-0000-4000-8000-00000000000a", "20000000-0000-4000-8000-00000000000b"
TEN, NOON = (datetime(2026, 11, 30, hour, tzinfo=UTC) for hour in (10, 12))


def row(at: datetime = TEN, **values: Any) -> dict[str, Any]:
    """A sign-in without MFA that succeeded, as both providers tell of it."""
    return {
        "id": "s",
        "createdDateTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "appId": APP,
        "correlationId": "c",
        "status": {"errorCode": 0},
        "authenticationRequirement": "singleFactorAuthentication",
        "authenticationProtocol": "oAuth2",
        "clientAppUsed": "Browser",
    } | values


PROVEN_HERE = "MFA proven by the identity provider"
SATISFIED = "MFA requirement satisfied by claim provided by external provider"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "otp", "mfa"]}, True),
        # what it says itself, not what was required: a custom control meets a policy without MFA
        ({"amr": ["pwd"], "authenticationRequirement": "multiFactorAuthentication"}, False),
        ({"authenticationRequirement": "multiFactorAuthentication"}, True),
        ({"authenticationDetails": [{"succeeded": True, "authenticationStepResultDetail": SATISFIED}]}, True),
        ({"authenticationDetails": [{"succeeded": False, "authenticationStepResultDetail": SATISFIED}]}, False),
        ({"authenticationDetails": [{"succeeded": True, "authenticationMethodDetail": PROVEN_HERE}]}, True),
        (
            {"authenticationDetails": [{"succeeded": True, "authenticationMethodDetail": "Password in the cloud"}]},
            False,
        ),
        ({"authenticationDetails": None}, False),
    ],
)
def test_whether_a_sign_in_carried_mfa(values: dict[str, Any], expected: bool) -> None:
    assert with_mfa(row(**values)) is expected


def test_an_operation_is_owed_to_the_newest_sign_in_before_it_that_had_no_mfa() -> None:
    rows = [
        row(NOON, id="later"),
        row(TEN, id="at no moment") | {"createdDateTime": None},
        row(TEN, id="refused", status={"errorCode": 50126}),
        row(TEN, id="a text", status={"errorCode": "x"}),
        row(TEN, id="with", amr=["mfa"]),
        row(TEN, id="elsewhere", appId=OTHER),
        row(TEN, id="this", appId=APP.upper()),
        row(TEN, id="older"),
    ]
    found = newest_without_mfa(rows, APP, datetime(2026, 11, 30, 11, tzinfo=UTC))
    assert found is not None
    assert found["id"] == "this"
    assert newest_without_mfa(rows, APP.upper(), TEN) is found  # at the very moment
    assert newest_without_mfa(rows, APP, datetime(2026, 11, 30, 9, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": {"errorCode": 50076}}, True),  # MFA was required
        ({"status": {"errorCode": 53003}}, True),  # blocked
        ({"status": {"errorCode": 70003}}, True),  # the grant is off
        ({"status": {"errorCode": 50126}}, False),  # a wrong password says nothing of the right one
        ({"status": {"errorCode": 50053}}, False),  # nor does a locked account
        ({"status": {"errorCode": 50057}}, False),  # nor a disabled one
        ({"status": {"errorCode": 0}}, False),
        ({"status": {"errorCode": 50076}, "authenticationProtocol": "oAuth2"}, False),
        ({"status": {"errorCode": 50076}, "appId": OTHER}, False),
        ({"status": None}, False),
    ],
)
def test_whether_passwords_are_turned_away_since(values: dict[str, Any], expected: bool) -> None:
    attempt = row(NOON, **({"authenticationProtocol": "ropc"} | values))
    assert refused_after([attempt], APP, TEN) is expected
    assert not refused_after([attempt], APP, NOON)


def test_the_facts_of_a_sign_in_here() -> None:
    rules = [
        {"rule": "securityDefaults", "why": "registrationPeriod", "registerBy": "2026-12-10T10:00:00Z"},
        {"rule": "policy:Outside", "why": "locationExcluded"},
        {"rule": "policy:Other apps", "why": "applicationNotIncluded"},
        {"rule": "policy:Off", "why": "off"},
    ]
    assert facts_of(row(weighedRules=rules)) == SignInFacts(
        at=TEN,
        id="s",
        correlation_id="c",
        defaults=Defaults.WAITING,
        waits_until=datetime(2026, 12, 10, 10, tzinfo=UTC),
        conditions={"Outside": Condition.LOCATION, "Other apps": Condition.APPLICATION},
    )


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "securityDefaults", "why": "administrator"},
        {"rule": "securityDefaults", "why": "locationExcluded"},
        {"rule": "policy:Outside", "why": "notRisky"},
        {"rule": "perUserMfa", "why": "locationExcluded"},
    ],
)
def test_a_reason_counts_for_the_rule_that_can_have_it_alone(rule: dict[str, str]) -> None:
    found = facts_of(row(weighedRules=[rule]))
    assert found is not None
    assert (found.defaults, found.conditions) == (None, {})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("location", {"P": Condition.LOCATION}),
        ("users,devicePlatform", {"P": Condition.PLATFORM}),
        ("application", {"P": Condition.APPLICATION}),
        ("clientType", {"P": Condition.CLIENT}),
        ("deviceState", {"P": Condition.DEVICE}),
        ("client", {"P": Condition.DEVICE}),
        ("signInRisk", {"P": Condition.RISK}),
        ("userRisk", {"P": Condition.RISK}),
        ("none", {}),
        (None, {}),
    ],
)
def test_the_condition_not_met_as_microsoft_tells_it(words: str | None, expected: dict[str, Condition]) -> None:
    policy = {"displayName": "P", "result": "notApplied", "conditionsNotSatisfied": words}
    found = facts_of(row(appliedConditionalAccessPolicies=[policy]))
    assert found is not None
    assert (found.conditions, found.defaults, found.legacy) == (expected, None, False)


@pytest.mark.parametrize("values", [{"authenticationProtocol": "ropc"}, {"clientAppUsed": "Other clients"}])
def test_a_password_sent_by_an_application_is_told_apart(values: dict[str, str]) -> None:
    found = facts_of(row(**values))
    assert found is not None
    assert found.legacy


def test_a_row_without_a_moment_is_no_evidence() -> None:
    assert facts_of(row() | {"createdDateTime": None}) is None
