"""What policies demand, as tables typed by hand from V12, V13 and V14."""

from datetime import UTC, datetime, timedelta

import pytest

from entra.policy.evaluate import (
    AccessPolicy,
    Attempt,
    Grant,
    PerUserMfaState,
    PolicyState,
    Rules,
    Subject,
    Verdict,
    Weighed,
    evaluate,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PORTAL = "10000000-0000-4000-8000-000000000001"


def days(number):
    return timedelta(days=number)


def weigh(*, subject=None, attempt=None, **rules) -> Verdict:
    subject = Subject(user_id="john", **(subject or {}))
    attempt = Attempt(**{"client_id": PORTAL, "now": NOW} | (attempt or {}))
    return evaluate(subject=subject, attempt=attempt, rules=Rules(**rules))


def access(**conditions) -> AccessPolicy:
    everybody = {"include_users": frozenset({"all"}), "include_applications": frozenset({"all"})}
    return AccessPolicy(**{"name": "P", "grant": Grant.MFA} | everybody | conditions)


def why(verdict, rule):
    return next(one.why for one in verdict.weighed if one.rule == rule)


@pytest.mark.requirement("V3")
def test_a_tenant_without_policies_demands_nothing():
    verdict = weigh()
    assert (verdict.block, verdict.mfa, verdict.custom_controls, verdict.register_by) == (False, False, (), None)


# Security defaults (V12): administrator, registered, days since they were switched on, new device, new place.
SECURITY_DEFAULTS = [
    (True, True, 0, False, False, True, "administrator", None),
    (True, True, 30, False, False, True, "administrator", None),
    (True, False, 0, False, False, True, "administrator", None),
    (True, False, 30, True, True, True, "administrator", None),
    (False, True, 0, False, False, False, "notRisky", None),
    (False, True, 30, False, False, False, "notRisky", None),
    (False, True, 0, True, False, True, "risky", None),
    (False, True, 0, False, True, True, "risky", None),
    (False, True, 30, True, True, True, "risky", None),
    (False, False, 0, False, False, False, "registrationPeriod", 14),
    (False, False, 0, True, True, False, "registrationPeriod", 14),
    (False, False, 13, True, False, False, "registrationPeriod", 1),
    (False, False, 14, False, False, True, "registrationOverdue", None),
    (False, False, 14, True, True, True, "registrationOverdue", None),
    (False, False, 300, False, False, True, "registrationOverdue", None),
]


@pytest.mark.requirement("V12")
@pytest.mark.parametrize(
    ("admin", "registered", "age", "new_device", "new_place", "mfa", "reason", "days_left"), SECURITY_DEFAULTS
)
def test_security_defaults(admin, registered, age, new_device, new_place, mfa, reason, days_left):
    verdict = weigh(
        subject={"administrator": admin, "registered": registered},
        attempt={"known_device": not new_device, "known_location": not new_place},
        security_defaults_since=NOW - days(age),
    )
    assert verdict.mfa is mfa
    assert why(verdict, "securityDefaults") == reason
    assert verdict.register_by == (None if days_left is None else NOW + days(days_left))


@pytest.mark.requirement("V12")
def test_the_fourteen_days_of_a_younger_account_start_with_the_account():
    verdict = weigh(subject={"created_at": NOW - days(1)}, security_defaults_since=NOW - days(100))
    assert not verdict.mfa
    assert verdict.register_by == NOW + days(13)


@pytest.mark.requirement("V12")
def test_a_policy_that_demands_mfa_ends_the_registration_period():
    verdict = weigh(security_defaults_since=NOW, policies=(access(),))
    assert verdict.mfa
    assert verdict.register_by is None


@pytest.mark.requirement("V13")
@pytest.mark.parametrize(("state", "mfa"), [("disabled", False), ("enabled", True), ("enforced", True)])
def test_per_user_mfa(state, mfa):
    assert weigh(subject={"per_user_mfa": PerUserMfaState(state)}).mfa is mfa


# Conditional access (V13): conditions of the policy, facts of the person, does it take part, reason.
CONDITIONS = [
    ({}, {}, True, "applies"),
    ({"state": PolicyState.OFF}, {}, False, "off"),
    ({"state": PolicyState.REPORT_ONLY}, {}, False, "reportOnly"),
    ({"include_users": frozenset()}, {}, False, "notIncluded"),
    ({"include_users": frozenset({"john"})}, {}, True, "applies"),
    ({"include_users": frozenset({"other"})}, {}, False, "notIncluded"),
    ({"exclude_users": frozenset({"john"})}, {}, False, "excluded"),
    ({"exclude_users": frozenset({"other"})}, {}, True, "applies"),
    ({"include_users": frozenset({"john"}), "exclude_users": frozenset({"john"})}, {}, False, "excluded"),
    ({"include_users": frozenset(), "include_groups": frozenset({"g"})}, {"group_ids": {"g"}}, True, "applies"),
    ({"include_users": frozenset(), "include_groups": frozenset({"g"})}, {"group_ids": {"h"}}, False, "notIncluded"),
    ({"exclude_groups": frozenset({"g"})}, {"group_ids": {"g"}}, False, "excluded"),
    ({"include_users": frozenset(), "include_guests": True}, {"guest": True}, True, "applies"),
    ({"include_users": frozenset(), "include_guests": True}, {"guest": False}, False, "notIncluded"),
    ({}, {"guest": True}, True, "applies"),
    ({"exclude_guests": True}, {"guest": True}, False, "excluded"),
    ({"exclude_guests": True}, {"guest": False}, True, "applies"),
    ({"state": PolicyState.REPORT_ONLY, "exclude_users": frozenset({"john"})}, {}, False, "excluded"),
]


@pytest.mark.requirement("V13")
@pytest.mark.parametrize(("conditions", "facts", "applies", "reason"), CONDITIONS)
def test_a_policy_covers_the_people_it_includes_and_not_those_it_excludes(conditions, facts, applies, reason):
    if "group_ids" in facts:
        facts = facts | {"group_ids": frozenset(facts["group_ids"])}
    verdict = weigh(subject=facts, policies=(access(**conditions),))
    assert verdict.mfa is applies
    assert verdict.weighed[-1] == Weighed("policy:P", applies=applies, why=reason)


@pytest.mark.requirement("V13")
@pytest.mark.parametrize(
    ("included", "excluded", "applies", "reason"),
    [
        ({"all"}, set(), True, "applies"),
        ({PORTAL}, set(), True, "applies"),
        (set(), set(), False, "applicationNotIncluded"),
        ({"another"}, set(), False, "applicationNotIncluded"),
        ({"all"}, {PORTAL}, False, "applicationExcluded"),
        ({"all"}, {"another"}, True, "applies"),
    ],
)
def test_a_policy_covers_the_applications_it_includes(included, excluded, applies, reason):
    policy = access(include_applications=frozenset(included), exclude_applications=frozenset(excluded))
    verdict = weigh(policies=(policy,))
    assert (verdict.mfa, why(verdict, "policy:P")) == (applies, reason)


@pytest.mark.requirement("V13")
@pytest.mark.parametrize(
    ("included", "excluded", "ip", "applies", "reason"),
    [
        (None, (), "192.0.2.7", True, "applies"),
        (None, ("192.0.2.0/24",), "192.0.2.7", False, "locationExcluded"),
        (None, ("192.0.2.0/24",), "192.0.3.7", True, "applies"),
        (None, ("2001:db8::/32",), "2001:db8::1", False, "locationExcluded"),
        (None, ("192.0.2.0/24",), "::ffff:192.0.2.7", False, "locationExcluded"),
        (None, ("192.0.2.0/24",), "", True, "applies"),
        (("192.0.2.0/24",), (), "192.0.2.7", True, "applies"),
        (("192.0.2.0/24",), (), "192.0.3.7", False, "locationNotIncluded"),
        (("192.0.2.0/24",), (), "", False, "locationNotIncluded"),
        (("192.0.2.0/24",), ("192.0.2.7/32",), "192.0.2.7", False, "locationExcluded"),
    ],
)
def test_a_policy_looks_at_where_the_sign_in_comes_from(included, excluded, ip, applies, reason):
    policy = access(include_locations=included, exclude_locations=excluded)
    verdict = weigh(attempt={"ip": ip}, policies=(policy,))
    assert (verdict.mfa, why(verdict, "policy:P")) == (applies, reason)


@pytest.mark.requirement("V4")
@pytest.mark.requirement("V9")
def test_a_custom_control_is_demanded_beside_mfa_and_is_not_mfa():
    control = access(name="C", grant=Grant.CUSTOM_CONTROL, custom_control="wingtip")
    assert weigh(policies=(control,)).custom_controls == ("wingtip",)
    assert not weigh(policies=(control,)).mfa
    both = weigh(policies=(control, access()))
    assert (both.custom_controls, both.mfa) == (("wingtip",), True)


def test_the_same_control_in_two_policies_is_demanded_once():
    control = access(name="C", grant=Grant.CUSTOM_CONTROL, custom_control="wingtip")
    assert weigh(policies=(control, control)).custom_controls == ("wingtip",)


def test_a_blocking_policy_blocks_whatever_else_grants():
    verdict = weigh(policies=(access(), access(name="B", grant=Grant.BLOCK)))
    assert verdict.block


@pytest.mark.requirement("V13")
def test_no_policy_locks_out_the_account_for_emergencies():
    verdict = weigh(
        subject={"break_glass": True, "administrator": True, "per_user_mfa": PerUserMfaState.ENFORCED},
        attempt={"legacy": True},
        security_defaults_since=NOW - days(30),
        blocks_legacy_authentication=True,
        policies=(access(grant=Grant.BLOCK), access(), access(grant=Grant.CUSTOM_CONTROL, custom_control="c")),
    )
    assert (verdict.block, verdict.mfa, verdict.custom_controls) == (False, False, ())
    assert [one.why for one in verdict.weighed] == ["breakGlass"]


@pytest.mark.requirement("V14")
@pytest.mark.parametrize(
    ("switch", "defaults", "legacy", "block"),
    [
        (True, None, True, True),
        (True, None, False, False),
        (False, None, True, False),
        (False, NOW, True, True),
        (False, NOW, False, False),
    ],
)
def test_legacy_authentication_is_blocked_by_the_switch_and_by_security_defaults(switch, defaults, legacy, block):
    verdict = weigh(attempt={"legacy": legacy}, blocks_legacy_authentication=switch, security_defaults_since=defaults)
    assert verdict.block is block
