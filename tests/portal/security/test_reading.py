"""Reading a tenant's directory: who is enforced by what, and how often the directory is called (Q2, Q9)."""

from typing import Any

import pytest

from accounts.enforcement import Obstacle, Option
from tests.portal.security.tenant import PORTAL, FakeTenant, outcomes, read

pytestmark = pytest.mark.requirement("Q9")
CA, FEDERATION, PER_USER = Option.CONDITIONAL_ACCESS, Option.FEDERATION, Option.PER_USER
ADMIN = "62e90394-69f5-4237-9190-012177145e10"


@pytest.fixture
def people(tenant: FakeTenant) -> dict[str, str]:
    """Ann, an administrator; Bob and Cem; a service account; Gus, a guest of another organization."""
    return {
        "ann": tenant.add(1, "ann"),
        "bob": tenant.add(2, "bob"),
        "cem": tenant.add(3, "cem"),
        "sync": tenant.add(4, "sync", employeeType="service"),
        "gus_x#ext#": tenant.add(5, "gus_x#ext#", userType="Guest"),
    }


def all_but(people: dict[str, str], enforced: Option, **others: Any) -> dict[str, Any]:
    return {name: others.get(name.partition("_")[0], enforced) for name in people}


@pytest.mark.parametrize(
    ("parts", "others"),
    [
        ({}, {}),
        ({"applications": {"includeApplications": [PORTAL]}}, {}),
        (
            {"users": {"includeUsers": ["All"], "excludeGroups": ["outer"]}},
            {"bob": Obstacle.EXCLUDED, "cem": Obstacle.EXCLUDED},
        ),
        (
            {"users": {"includeUsers": ["All"], "excludeRoles": [ADMIN]}},
            {"ann": Obstacle.EXCLUDED, "cem": Obstacle.EXCLUDED},
        ),
        (
            {"users": {"includeUsers": ["All"], "excludeUsers": ["00000000-0000-4000-8000-000000000002"]}},
            {"bob": Obstacle.EXCLUDED},
        ),
        ({"users": {"includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"]}}, {"gus": Obstacle.EXCLUDED}),
        (
            {"users": {"includeGroups": ["outer"]}},
            {"ann": Obstacle.NOTHING, "sync": Obstacle.NOTHING, "gus": Obstacle.NOTHING},
        ),
        ({"users": {"includeUsers": ["All"], "excludeGroups": ["a group that is gone"]}}, {}),
    ],
)
def test_a_policy_enforces_for_those_it_covers(
    tenant: FakeTenant, people: dict[str, str], parts: dict[str, Any], others: dict[str, Any]
) -> None:
    """Bob is in the outer group; Cem is in the inner one, which is nested, and by which he holds the role too."""
    tenant.groups = {"outer": {people["bob"]}, "inner": {people["cem"]}}
    tenant.nested = {"outer": {"inner"}}
    tenant.roles = {ADMIN: {people["ann"], "inner"}}
    tenant.add_policy("P", **parts)
    assert outcomes(tenant) == all_but(people, CA, **others)


@pytest.mark.parametrize(
    ("kind", "excluded"),
    [
        ("internalGuest", "inside"),
        ("b2bCollaborationGuest", "gus_x#ext#"),
        ("b2bCollaborationMember", "mia_x#ext#"),
        ("b2bDirectConnectUser", ""),
    ],
)
def test_accounts_of_elsewhere_are_told_apart_as_policies_name_them(
    tenant: FakeTenant, kind: str, excluded: str
) -> None:
    tenant.add(1, "ann")
    tenant.add(2, "inside", userType="Guest")
    tenant.add(3, "gus_x#EXT#", userType="Guest")
    tenant.add(4, "mia_x#ext#")
    tenant.add_policy(
        "P", users={"includeUsers": ["All"], "excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": kind}}
    )
    found = {name.lower(): outcome for name, outcome in outcomes(tenant).items()}
    assert {name for name, outcome in found.items() if outcome is Obstacle.EXCLUDED} == ({excluded} - {""})
    assert {outcome for name, outcome in found.items() if name != excluded} == {CA}


@pytest.mark.parametrize(
    ("parts", "obstacle"),
    [
        ({"state": "enabledForReportingButNotEnforced"}, Obstacle.REPORT_ONLY),
        ({"state": "disabled"}, Obstacle.NOTHING),
        ({"applications": {"includeApplications": ["another"]}}, Obstacle.NOTHING),
        (
            {"conditions": {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}},
            Obstacle.CONDITIONAL,
        ),
        ({"grant": {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}}, Obstacle.CONDITIONAL),
        (
            {"grant": {"operator": "OR", "builtInControls": [], "customAuthenticationFactors": ["c"]}},
            Obstacle.CUSTOM_CONTROL,
        ),
        ({"grant": {"operator": "OR", "builtInControls": ["block"]}}, Obstacle.NOTHING),
    ],
)
def test_a_policy_that_does_not_enforce_is_named(
    tenant: FakeTenant, people: dict[str, str], parts: dict[str, Any], obstacle: Obstacle
) -> None:
    tenant.add_policy("P", **parts)
    assert outcomes(tenant) == dict.fromkeys(people, obstacle)
    named = {one.enforcement.policy for one in read(tenant).values()}
    assert named == ({""} if obstacle is Obstacle.NOTHING else {"P"})


def test_per_user_mfa_counts_enabled_or_enforced(tenant: FakeTenant, people: dict[str, str]) -> None:
    tenant.per_user = {people["ann"]: "enforced", people["bob"]: "enabled", people["cem"]: "disabled"}
    assert outcomes(tenant) == all_but(
        people, PER_USER, cem=Obstacle.NOTHING, sync=Obstacle.NOTHING, gus=Obstacle.NOTHING
    )


@pytest.mark.parametrize(("status", "asked"), [(404, 21), (403, 20)])
def test_per_user_mfa_is_asked_on_where_one_account_is_gone_but_not_where_it_is_kept_back(
    tenant: FakeTenant, status: int, asked: int
) -> None:
    first, *_others = (tenant.add(number, f"user{number:02}") for number in range(1, 22))
    tenant.refused = {f"{first}/authentication/requirements": (status, "")}
    outcomes(tenant)
    assert len([path for path in tenant.batched if "authentication/requirements" in path]) == asked


def test_security_defaults_count_for_everybody_and_nothing_else_is_read(
    tenant: FakeTenant, people: dict[str, str]
) -> None:
    tenant.security_defaults = True
    tenant.add(9, "breakglass", employeeType="breakGlass")
    assert outcomes(tenant) == all_but(people, Option.SECURITY_DEFAULTS) | {"breakglass": Obstacle.EXCLUDED}
    assert tenant.paths() == [
        "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
        "/v1.0/reports/authenticationMethods/userRegistrationDetails",
        "/v1.0/users",
    ]


@pytest.fixture
def federated(tenant: FakeTenant) -> dict[str, str]:
    """Contoso's second domain is federated; Eva and Fay sign in there, and Gus at home."""
    tenant.federations = {"wingtip.example": "enforceMfaByFederatedIdp"}
    return {
        "eva": tenant.add(1, "eva", userPrincipalName="eva@wingtip.example"),
        "fay": tenant.add(2, "fay", userPrincipalName="fay@Wingtip.example"),
        "gus_x#ext#": tenant.add(3, "gus", userPrincipalName="gus_x#ext#@wingtip.example", userType="Guest"),
    }


WITHOUT = Obstacle.FEDERATED_WITHOUT_PROOF


@pytest.mark.parametrize(
    ("newest_first", "eva", "fay"),
    [
        ([], WITHOUT, WITHOUT),
        ([("eva", True)], FEDERATION, FEDERATION),  # Fay as the domain's newest
        ([("eva", False)], WITHOUT, WITHOUT),
        ([("eva", True), ("fay", False)], FEDERATION, WITHOUT),
        ([("eva", False), ("eva", True)], WITHOUT, WITHOUT),
        ([("eva", True), ("eva", False)], FEDERATION, FEDERATION),
    ],
)
def test_federation_counts_while_the_newest_sign_in_carried_the_proof(
    tenant: FakeTenant, federated: dict[str, str], newest_first: list[tuple[str, bool]], eva: Any, fay: Any
) -> None:
    for name, proven in newest_first:
        tenant.signed_in(federated[name], proven=proven)
    assert outcomes(tenant) == {"eva": eva, "fay": fay, "gus_x#ext#": Obstacle.NOTHING}


@pytest.mark.parametrize(
    "values",
    [
        {"status": {"errorCode": 50158}},
        {"status": None},
        {"isFederated": False},
        {"authenticationDetails": None},
        {"authenticationDetails": [{"authenticationMethodDetail": "MFA proven by the identity provider"}]},
        {"authenticationDetails": [{"authenticationMethodDetail": "Password in the cloud", "succeeded": True}]},
    ],
)
def test_a_sign_in_that_proves_nothing_by_federation_does_not_count(
    tenant: FakeTenant, federated: dict[str, str], values: dict[str, Any]
) -> None:
    tenant.signed_in(federated["eva"], proven=True, **values)
    assert outcomes(tenant)["eva"] is WITHOUT


def test_the_proof_as_the_other_directory_words_it_counts_too(tenant: FakeTenant, federated: dict[str, str]) -> None:
    words = "MFA requirement satisfied by claim provided by external provider"
    step = {"authenticationStepResultDetail": words, "succeeded": True}
    tenant.signed_in(federated["eva"], proven=False, isFederated=None, authenticationDetails=[step])
    assert outcomes(tenant)["eva"] is FEDERATION


@pytest.mark.parametrize("behavior", ["acceptIfMfaDoneByFederatedIdp", "enforceMfaByFederatedIdp", None])
def test_a_proof_that_is_believed_counts(tenant: FakeTenant, federated: dict[str, str], behavior: str | None) -> None:
    tenant.federations = {"wingtip.example": behavior}
    tenant.signed_in(federated["eva"], proven=True)
    assert outcomes(tenant)["eva"] is FEDERATION


def test_a_proof_that_the_directory_rejects_does_not_count(tenant: FakeTenant, federated: dict[str, str]) -> None:
    tenant.federations = {"wingtip.example": "rejectMfaByFederatedIdp"}
    tenant.signed_in(federated["eva"], proven=True)
    assert outcomes(tenant)["eva"] is Obstacle.NOTHING


def test_sign_ins_of_the_last_30_days_are_asked_for_newest_first(tenant: FakeTenant, federated: dict[str, str]) -> None:
    read(tenant)
    (asked,) = [path for path in tenant.asked if "signIns" in path]
    assert "createdDateTime+ge+2026-10-31T12%3A00%3A00Z" in asked
    assert "orderby=createdDateTime+desc" in asked


def test_the_log_is_read_until_everybody_has_been_met(tenant: FakeTenant, federated: dict[str, str]) -> None:
    tenant.largest_page = 2
    for name in ("eva", "eva", "fay", "eva", "fay", "fay"):
        tenant.signed_in(federated[name], proven=True)
    read(tenant)
    assert tenant.paths().count("/beta/auditLogs/signIns") == 2


def test_a_long_log_is_read_for_twenty_pages(tenant: FakeTenant, federated: dict[str, str]) -> None:
    tenant.largest_page = 4
    for _ in range(100):
        tenant.signed_in(federated["eva"], proven=True)
    assert outcomes(tenant)["fay"] is FEDERATION
    assert tenant.paths().count("/beta/auditLogs/signIns") == 20


def test_what_is_known_of_an_account_is_told(tenant: FakeTenant) -> None:
    key = tenant.add(1, "ann", accountEnabled=False)
    tenant.add(2, "gus_x#ext#", userType="Guest")
    tenant.registered = {key}
    found = read(tenant)
    ann, gus = found["ann"], found["gus_x#ext#"]
    assert (ann.registered, ann.person.enabled, ann.person.guest) == (True, False, False)
    assert (gus.registered, gus.person.enabled, gus.person.guest) == (False, True, True)
