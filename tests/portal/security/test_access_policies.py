"""Conditional access policies as Graph writes them, and what they come to (Q9)."""

from typing import Any

import pytest

from accounts.enforcement import Foreign, Policy, Scope
from security.access_policies import policy_of

pytestmark = pytest.mark.requirement("Q9")
PORTAL = "10000000-0000-4000-8000-00000000000a"
APPLICATIONS = frozenset({PORTAL})
STRONG = {"id": "00000000-0000-0000-0000-000000000004", "requirementsSatisfied": "mfa"}
WEAK = {"id": "f0000000-0000-4000-8000-000000000001", "requirementsSatisfied": "none"}


def policy(**changed: Any) -> dict[str, Any]:
    """As Microsoft's directory answers it, with everything that it names for a policy without conditions."""
    conditions = {
        "userRiskLevels": [],
        "signInRiskLevels": [],
        "clientAppTypes": ["all"],
        "servicePrincipalRiskLevels": [],
        "insiderRiskLevels": None,
        "platforms": None,
        "locations": None,
        "devices": None,
        "clientApplications": None,
        "authenticationFlows": None,
        "applications": {
            "includeApplications": ["All"],
            "excludeApplications": [],
            "includeUserActions": [],
            "includeAuthenticationContextClassReferences": [],
            "applicationFilter": None,
        },
        "users": {
            "includeUsers": ["All"],
            "excludeUsers": [],
            "includeGroups": [],
            "excludeGroups": [],
            "includeRoles": [],
            "excludeRoles": [],
            "includeGuestsOrExternalUsers": None,
            "excludeGuestsOrExternalUsers": None,
        },
    } | changed.pop("conditions", {})
    grant = {
        "operator": "OR",
        "builtInControls": ["mfa"],
        "customAuthenticationFactors": [],
        "termsOfUse": [],
        "authenticationStrength@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x",
        "authenticationStrength": None,
    } | changed.pop("grant", {})
    whole = {"id": "p", "displayName": "P", "state": "enabled", "conditions": conditions, "grantControls": grant}
    return whole | changed


def read(**changed: Any) -> Policy | None:
    return policy_of(policy(**changed), APPLICATIONS)


def test_a_policy_for_everybody_and_everything_without_conditions() -> None:
    assert read() == Policy("P", include=Scope(everybody=True), exclude=Scope())


@pytest.mark.parametrize(("state", "report_only"), [("enabled", False), ("enabledForReportingButNotEnforced", True)])
def test_report_only_is_told_apart(state: str, report_only: bool) -> None:
    found = read(state=state)
    assert found is not None
    assert found.report_only is report_only


@pytest.mark.parametrize("state", ["disabled", "unknownFutureValue", None])
def test_a_policy_that_is_off_or_in_an_unknown_state_is_none(state: str | None) -> None:
    assert read(state=state) is None


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        # (custom control, conditional), or None: it demands no second factor
        ({}, (False, False)),
        ({"operator": "AND"}, (False, False)),
        ({"operator": None}, (False, False)),
        ({"builtInControls": ["mfa", "compliantDevice"]}, (False, True)),
        ({"builtInControls": ["mfa", "domainJoinedDevice"], "operator": None}, (False, True)),
        ({"builtInControls": ["mfa", "compliantDevice"], "operator": "AND"}, (False, False)),
        ({"termsOfUse": ["t"]}, (False, True)),
        ({"termsOfUse": ["t"], "operator": "AND"}, (False, False)),
        ({"customAuthenticationFactors": ["c"]}, (True, False)),
        ({"customAuthenticationFactors": ["c"], "operator": "AND"}, (False, False)),
        ({"builtInControls": [], "customAuthenticationFactors": ["c"]}, (True, False)),
        ({"builtInControls": [], "customAuthenticationFactors": ["c"], "operator": "AND"}, (True, False)),
        ({"builtInControls": [], "authenticationStrength": STRONG}, (False, False)),
        ({"builtInControls": [], "authenticationStrength": STRONG, "operator": "AND"}, (False, False)),
        ({"builtInControls": ["compliantDevice"], "authenticationStrength": STRONG}, (False, True)),
        (
            {"builtInControls": ["compliantDevice"], "authenticationStrength": STRONG, "operator": "AND"},
            (False, False),
        ),
        ({"builtInControls": ["mfa"], "authenticationStrength": WEAK}, (False, True)),
        ({"builtInControls": [], "authenticationStrength": WEAK}, None),
        ({"builtInControls": [], "authenticationStrength": {"id": STRONG["id"]}}, None),
        ({"builtInControls": ["compliantDevice"]}, None),
        ({"builtInControls": ["passwordChange"]}, None),
        ({"builtInControls": ["block"]}, None),
        ({"builtInControls": []}, None),
    ],
)
def test_what_a_policy_demands(grant: dict[str, Any], expected: tuple[bool, bool] | None) -> None:
    found = read(grant=grant)
    assert (found and (found.custom_control, found.conditional)) == expected


def test_a_policy_of_session_controls_alone_demands_nothing() -> None:
    assert read(grantControls=None) is None


@pytest.mark.parametrize(
    ("applications", "covers"),
    [
        ({"includeApplications": ["All"], "excludeApplications": []}, True),
        ({"includeApplications": ["All"], "excludeApplications": ["another"]}, True),
        ({"includeApplications": ["another", PORTAL]}, True),
        ({"includeApplications": [PORTAL.upper()]}, True),
        ({"includeApplications": ["All"], "excludeApplications": [PORTAL]}, False),
        ({"includeApplications": [PORTAL], "excludeApplications": ["All"]}, False),
        ({"includeApplications": ["another"]}, False),
        ({"includeApplications": ["Office365"]}, False),
        ({"includeApplications": ["None"]}, False),
        ({"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]}, False),
        ({"includeApplications": [], "includeAuthenticationContextClassReferences": ["c1"]}, False),
        ({}, False),
    ],
)
def test_only_a_policy_that_covers_partner_center_is_one(applications: dict[str, Any], covers: bool) -> None:
    assert (read(conditions={"applications": applications}) is not None) is covers


@pytest.mark.parametrize(
    "condition",
    [
        {"clientAppTypes": ["browser"]},
        {"clientAppTypes": ["exchangeActiveSync", "other"]},
        {"signInRiskLevels": ["high"]},
        {"userRiskLevels": ["high", "medium"]},
        {"insiderRiskLevels": "elevated"},
        {"platforms": {"includePlatforms": ["android"], "excludePlatforms": []}},
        {"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["iOS"]}},
        {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}},
        {"locations": {"includeLocations": ["All"], "excludeLocations": ["All"]}},
        {"locations": {"includeLocations": ["d1"], "excludeLocations": []}},
        {"devices": {"deviceFilter": {"mode": "exclude", "rule": 'device.trustType -eq "AzureAD"'}}},
        {"devices": {"includeDevices": ["All"], "excludeDevices": ["Compliant"]}},
        {"authenticationFlows": {"transferMethods": "deviceCodeFlow"}},
        {"clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}},
        {"somethingOfTomorrow": {"includeMoons": ["full"]}},
        {"applications": {"includeApplications": ["All"], "applicationFilter": {"mode": "include", "rule": "x"}}},
        {"users": {"includeUsers": ["All"], "excludeAgents": ["a"]}},
    ],
)
def test_anything_but_all_is_a_condition(condition: dict[str, Any]) -> None:
    found = read(conditions=condition)
    assert found is not None
    assert found.conditional


@pytest.mark.parametrize(
    "condition",
    [
        {"clientAppTypes": []},
        {"platforms": {"includePlatforms": ["all"], "excludePlatforms": []}},
        {"locations": {"includeLocations": ["All"], "excludeLocations": []}},
        {"devices": {"includeDevices": ["All"], "excludeDevices": [], "deviceFilter": None}},
    ],
)
def test_all_is_no_condition(condition: dict[str, Any]) -> None:
    found = read(conditions=condition)
    assert found is not None
    assert not found.conditional


def guests(kinds: str, tenants: str = "all") -> dict[str, Any]:
    kind = "Enumerated" if tenants != "all" else "All"
    return {
        "guestOrExternalUserTypes": kinds,
        "externalTenants": {
            "@odata.type": f"#microsoft.graph.conditionalAccess{kind}ExternalTenants",
            "membershipKind": tenants,
        },
    }


ALL_FOREIGN = frozenset({Foreign.INTERNAL_GUEST, Foreign.GUEST, Foreign.MEMBER})


@pytest.mark.parametrize("side", ["include", "exclude"])
@pytest.mark.parametrize(
    ("users", "expected"),
    [
        ({"Users": ["All"]}, Scope(everybody=True)),
        ({"Users": ["None"]}, Scope(users=frozenset({"none"}))),
        ({"Users": ["U-1", "u-2"]}, Scope(users=frozenset({"u-1", "u-2"}))),
        ({"Users": ["GuestsOrExternalUsers"]}, Scope(foreign=ALL_FOREIGN)),
        ({"Groups": ["G-1"], "Roles": ["R-1"]}, Scope(groups=frozenset({"g-1"}), roles=frozenset({"r-1"}))),
        (
            {"GuestsOrExternalUsers": guests("internalGuest,b2bCollaborationGuest")},
            Scope(foreign=frozenset({Foreign.INTERNAL_GUEST, Foreign.GUEST})),
        ),
        ({"GuestsOrExternalUsers": guests("b2bCollaborationMember")}, Scope(foreign=frozenset({Foreign.MEMBER}))),
        ({"GuestsOrExternalUsers": guests("serviceProvider,b2bDirectConnectUser")}, Scope()),
        (
            {"GuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest"}},
            Scope(foreign=frozenset({Foreign.GUEST})),
        ),
    ],
)
def test_whom_a_side_names(side: str, users: dict[str, Any], expected: Scope) -> None:
    found = read(conditions={"users": {f"{side}{name}": value for name, value in users.items()}})
    assert found is not None
    assert (found.include if side == "include" else found.exclude) == expected
    assert not found.conditional


def test_guests_of_some_organizations_are_not_sure_to_be_included_but_may_be_excluded() -> None:
    some = guests("b2bCollaborationGuest", "enumerated")
    found = read(conditions={"users": {"includeGuestsOrExternalUsers": some, "excludeGuestsOrExternalUsers": some}})
    assert found is not None
    assert (found.include, found.exclude) == (Scope(), Scope(foreign=frozenset({Foreign.GUEST})))
