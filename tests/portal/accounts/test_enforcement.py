"""What counts as MFA that is enforced for an account, typed from Q9, and what is named where nothing does."""

from itertools import product

import pytest

from accounts.enforcement import Account, Enforcement, Foreign, Obstacle, Option, Policy, Rules, Scope, enforced

pytestmark = pytest.mark.requirement("Q9")
EVERYBODY = Scope(everybody=True)
MEMBER = Account("ann", domain="wingtip.example")
GUEST = Account("gus", foreign=Foreign.GUEST)
PLAIN = Policy("MFA for everybody", EVERYBODY)


def by(option: Option, policy: str = "") -> Enforcement:
    return Enforcement(by=option, policy=policy)


def not_by(obstacle: Obstacle, policy: str = "") -> Enforcement:
    return Enforcement(obstacle=obstacle, policy=policy)


@pytest.mark.parametrize("account", [MEMBER, GUEST, Account("sync-service")], ids=lambda account: account.id)
@pytest.mark.parametrize(
    ("per_user", "rules", "expected"),
    [
        (False, Rules(), not_by(Obstacle.NOTHING)),
        (True, Rules(), by(Option.PER_USER)),
        (False, Rules(security_defaults=True), by(Option.SECURITY_DEFAULTS)),
        (False, Rules(policies=(PLAIN,)), by(Option.CONDITIONAL_ACCESS, "MFA for everybody")),
    ],
)
def test_each_option_counts_for_members_guests_and_service_accounts(
    account: Account, per_user: bool, rules: Rules, expected: Enforcement
) -> None:
    assert enforced(Account(account.id, account.domain, account.foreign, per_user=per_user), rules) == expected


@pytest.mark.parametrize(
    ("relayed", "of_domain", "expected"),
    [
        (True, None, by(Option.FEDERATION)),
        (True, False, by(Option.FEDERATION)),
        (None, True, by(Option.FEDERATION)),
        (False, True, not_by(Obstacle.FEDERATED_WITHOUT_PROOF)),
        (False, None, not_by(Obstacle.FEDERATED_WITHOUT_PROOF)),
        (None, False, not_by(Obstacle.FEDERATED_WITHOUT_PROOF)),
        (None, None, not_by(Obstacle.FEDERATED_WITHOUT_PROOF)),
    ],
)
def test_federation_counts_by_the_newest_sign_in_of_the_account_else_of_the_domain(
    relayed: bool | None, of_domain: bool | None, expected: Enforcement
) -> None:
    account = Account("ann", domain="wingtip.example", relayed=relayed)
    assert enforced(account, Rules(federated={"wingtip.example": of_domain})) == expected


@pytest.mark.parametrize(
    "account",
    [
        Account("ann", domain="wingtip.onmicrosoft.example", relayed=True),
        Account("gus", foreign=Foreign.GUEST, relayed=True),
    ],
    ids=["another domain", "signs in at another organization"],
)
def test_federation_of_a_domain_is_nothing_to_those_who_do_not_sign_in_there(account: Account) -> None:
    assert enforced(account, Rules(federated={"wingtip.example": True})) == not_by(Obstacle.NOTHING)


ANN = Account("ann", groups=frozenset({"agents"}), roles=frozenset({"global-admin"}))


@pytest.mark.parametrize(
    ("scope", "covers_ann", "covers_gus"),
    [
        (Scope(), False, False),
        (Scope(everybody=True), True, True),
        (Scope(users=frozenset({"ann"})), True, False),
        (Scope(users=frozenset({"somebody else"})), False, False),
        (Scope(groups=frozenset({"agents", "others"})), True, False),
        (Scope(groups=frozenset({"others"})), False, False),
        (Scope(roles=frozenset({"global-admin"})), True, False),
        (Scope(roles=frozenset({"billing-admin"})), False, False),
        (Scope(foreign=frozenset({Foreign.GUEST})), False, True),
        (Scope(foreign=frozenset({Foreign.INTERNAL_GUEST, Foreign.MEMBER})), False, False),
    ],
)
def test_a_policy_enforces_for_those_it_includes_and_not_for_those_it_excludes(
    scope: Scope, covers_ann: bool, covers_gus: bool
) -> None:
    for account, covered in ((ANN, covers_ann), (GUEST, covers_gus)):
        including = enforced(account, Rules(policies=(Policy("P", include=scope),)))
        assert including == (by(Option.CONDITIONAL_ACCESS, "P") if covered else not_by(Obstacle.NOTHING))
        excluding = enforced(account, Rules(policies=(Policy("P", include=EVERYBODY, exclude=scope),)))
        assert excluding == (not_by(Obstacle.EXCLUDED, "P") if covered else by(Option.CONDITIONAL_ACCESS, "P"))


def test_excluded_from_a_policy_that_does_not_include_one_is_no_obstacle() -> None:
    policy = Policy("P", include=Scope(users=frozenset({"bob"})), exclude=Scope(users=frozenset({"ann"})))
    assert enforced(ANN, Rules(policies=(policy,))) == not_by(Obstacle.NOTHING)


@pytest.mark.parametrize(
    ("excluded", "conditional", "report_only", "custom", "named"),
    [
        # All sixteen: of what stands against one policy all has to go, so the farthest is named.
        (False, False, False, False, None),
        (True, False, False, False, Obstacle.EXCLUDED),
        (False, True, False, False, Obstacle.CONDITIONAL),
        (True, True, False, False, Obstacle.CONDITIONAL),
        (False, False, True, False, Obstacle.REPORT_ONLY),
        (True, False, True, False, Obstacle.REPORT_ONLY),
        (False, True, True, False, Obstacle.REPORT_ONLY),
        (True, True, True, False, Obstacle.REPORT_ONLY),
        (False, False, False, True, Obstacle.CUSTOM_CONTROL),
        (True, False, False, True, Obstacle.CUSTOM_CONTROL),
        (False, True, False, True, Obstacle.CUSTOM_CONTROL),
        (True, True, False, True, Obstacle.CUSTOM_CONTROL),
        (False, False, True, True, Obstacle.CUSTOM_CONTROL),
        (True, False, True, True, Obstacle.CUSTOM_CONTROL),
        (False, True, True, True, Obstacle.CUSTOM_CONTROL),
        (True, True, True, True, Obstacle.CUSTOM_CONTROL),
    ],
)
def test_of_one_policy_the_farthest_obstacle_is_named(
    excluded: bool, conditional: bool, report_only: bool, custom: bool, named: Obstacle | None
) -> None:
    policy = Policy(
        "P",
        include=EVERYBODY,
        exclude=EVERYBODY if excluded else Scope(),
        conditional=conditional,
        report_only=report_only,
        custom_control=custom,
    )
    expected = not_by(named, "P") if named else by(Option.CONDITIONAL_ACCESS, "P")
    assert enforced(ANN, Rules(policies=(policy,))) == expected


EXCLUDED = Policy("excludes", EVERYBODY, exclude=EVERYBODY)
CONDITIONAL = Policy("has a condition", EVERYBODY, conditional=True)
REPORTS = Policy("reports", EVERYBODY, report_only=True)
CUSTOM = Policy("custom control", EVERYBODY, custom_control=True)
NEAREST_FIRST = [
    (Obstacle.EXCLUDED, EXCLUDED),
    (Obstacle.CONDITIONAL, CONDITIONAL),
    (Obstacle.REPORT_ONLY, REPORTS),
    (Obstacle.FEDERATED_WITHOUT_PROOF, None),
    (Obstacle.CUSTOM_CONTROL, CUSTOM),
]


@pytest.mark.parametrize("present", list(product([True, False], repeat=5)))
def test_of_several_options_the_one_nearest_to_being_enforced_is_named(present: tuple[bool, ...]) -> None:
    there = [one for one, is_there in zip(NEAREST_FIRST, present, strict=True) if is_there]
    policies = [policy for _obstacle, policy in reversed(there) if policy is not None]
    federated = {"wingtip.example": False} if any(policy is None for _obstacle, policy in there) else {}
    nearest, policy = there[0] if there else (Obstacle.NOTHING, None)
    found = enforced(MEMBER, Rules(policies=tuple(policies), federated=federated))
    assert found == not_by(nearest, policy.name if policy else "")


@pytest.mark.parametrize("beside", [EXCLUDED, CONDITIONAL, REPORTS, CUSTOM], ids=lambda policy: policy.name)
def test_one_policy_that_enforces_is_enough_whatever_stands_beside_it(beside: Policy) -> None:
    for policies in ((PLAIN, beside), (beside, PLAIN)):
        found = enforced(MEMBER, Rules(policies=policies, federated={"wingtip.example": False}))
        assert found == by(Option.CONDITIONAL_ACCESS, "MFA for everybody")


@pytest.mark.parametrize("beside", [EXCLUDED, CONDITIONAL, REPORTS, CUSTOM], ids=lambda policy: policy.name)
def test_federation_with_the_proof_counts_whatever_policies_there_are(beside: Policy) -> None:
    rules = Rules(policies=(beside,), federated={"wingtip.example": True})
    assert enforced(MEMBER, rules) == by(Option.FEDERATION)


@pytest.mark.parametrize(
    ("rules", "per_user", "expected"),
    [
        (Rules(), True, not_by(Obstacle.EXCLUDED)),
        (Rules(security_defaults=True), False, not_by(Obstacle.EXCLUDED)),
        (Rules(policies=(PLAIN,)), False, not_by(Obstacle.EXCLUDED, "MFA for everybody")),
        (Rules(federated={"wingtip.example": True}), False, not_by(Obstacle.EXCLUDED)),
        (Rules(policies=(EXCLUDED,)), False, not_by(Obstacle.EXCLUDED, "excludes")),
        (Rules(policies=(REPORTS,)), False, not_by(Obstacle.REPORT_ONLY, "reports")),
        (Rules(), False, not_by(Obstacle.NOTHING)),
    ],
)
def test_an_account_for_emergencies_is_excluded_from_every_rule(
    rules: Rules, per_user: bool, expected: Enforcement
) -> None:
    account = Account("breakglass", domain="wingtip.example", break_glass=True, per_user=per_user)
    assert enforced(account, rules) == expected
