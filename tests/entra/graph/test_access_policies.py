"""Conditional access policies and named locations over Graph: round trip, effect, refusals."""

from collections.abc import Callable
from typing import Any

import pytest

from activity.models import AuditRecord
from entra.directory.models import DirectoryRole, Group, Tenant, User
from entra.policy.administration import save_location, save_policy
from entra.policy.evaluate import Attempt, Grant, PolicyState, Subject, evaluate
from entra.policy.models import ConditionalAccessPolicy, CustomControl, NamedLocation
from entra.policy.services import rules_of
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import VERIFIED, Graph

POLICIES = "identity/conditionalAccess/policies"
LOCATIONS = "identity/conditionalAccess/namedLocations"
IP_LOCATION = "#microsoft.graph.ipNamedLocation"


def body(**changes: Any) -> dict[str, Any]:
    usual = {
        "displayName": "MFA for all",
        "state": "enabled",
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {"includeApplications": ["All"]},
            "users": {"includeUsers": ["All"]},
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }
    return usual | changes


def users(**given: Any) -> dict[str, Any]:
    return {"users": given, "applications": {"includeApplications": ["All"]}}


def weigh(tenant: Tenant, ip: str = "", **who: Any) -> Any:
    from django.utils import timezone

    subject = Subject(**{"user_id": "somebody"} | who)
    return evaluate(subject=subject, attempt=Attempt("app", timezone.now(), ip), rules=rules_of(tenant))


def test_a_policy_is_made_read_and_takes_effect(graph: Graph, fabrikam: Tenant, grace: User) -> None:
    answer = graph("POST", POLICIES, body())
    assert answer.status_code == 201
    made = answer.json()
    assert made.pop("createdDateTime")
    assert made.pop("modifiedDateTime")
    assert made == {
        "id": str(ConditionalAccessPolicy.objects.get().pk),
        "displayName": "MFA for all",
        "state": "enabled",
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {"includeApplications": ["All"], "excludeApplications": []},
            "users": {
                "includeUsers": ["All"],
                "excludeUsers": [],
                "includeGroups": [],
                "excludeGroups": [],
                "includeRoles": [],
                "excludeRoles": [],
            },
            "locations": None,
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": []},
        "sessionControls": None,
    }
    assert weigh(fabrikam).mfa
    assert graph.get(f"{POLICIES}/{made['id']}").json()["displayName"] == "MFA for all"
    assert [row["id"] for row in graph.values(POLICIES)] == [made["id"]]
    record = AuditRecord.objects.get(action="policy.conditionalAccess.saved")
    assert (record.actor, record.detail["policy"]) == (str(grace.pk), "MFA for all")


def test_every_condition_survives_the_round_trip(graph: Graph, fabrikam: Tenant, john: User) -> None:
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], actor="test")
    group = Group.objects.create(tenant=fabrikam, display_name="Sales")
    app = "10000000-0000-4000-8000-00000000000a"
    security = DirectoryRole.SECURITY_ADMINISTRATOR.value
    conditions = {
        "clientAppTypes": ["all"],
        "applications": {"includeApplications": [app], "excludeApplications": []},
        "users": {
            "includeUsers": [str(john.pk), "GuestsOrExternalUsers"],
            "excludeUsers": [],
            "includeGroups": [],
            "excludeGroups": [str(group.pk)],
            "includeRoles": [security],
            "excludeRoles": [],
        },
        "locations": {"includeLocations": ["All"], "excludeLocations": [str(office.pk), "AllTrusted"]},
    }
    made = graph("POST", POLICIES, body(conditions=conditions)).json()
    assert made["conditions"] == conditions


@pytest.mark.parametrize(
    ("conditions", "who", "ip", "mfa"),
    [
        (users(includeUsers=["GuestsOrExternalUsers"]), {"guest": True}, "", True),
        (users(includeUsers=["GuestsOrExternalUsers"]), {}, "", False),
        (users(includeUsers=["All"], excludeUsers=["GuestsOrExternalUsers"]), {"guest": True}, "", False),
        (users(includeUsers=["None"]), {}, "", False),
        (users(includeRoles=[DirectoryRole.BILLING_ADMINISTRATOR.value]), {}, "", False),
        (
            users(includeRoles=[DirectoryRole.BILLING_ADMINISTRATOR.value]),
            {"role_ids": frozenset({DirectoryRole.BILLING_ADMINISTRATOR.value})},
            "",
            True,
        ),
        (
            users(includeUsers=["All"], excludeRoles=[DirectoryRole.BILLING_ADMINISTRATOR.value]),
            {"role_ids": frozenset({DirectoryRole.BILLING_ADMINISTRATOR.value})},
            "",
            False,
        ),
    ],
)
def test_whom_a_policy_is_for(
    graph: Graph, fabrikam: Tenant, conditions: dict[str, Any], who: dict[str, Any], ip: str, mfa: bool
) -> None:
    assert graph("POST", POLICIES, body(conditions=conditions)).status_code == 201
    assert weigh(fabrikam, ip, **who).mfa is mfa


@pytest.mark.parametrize(("trusted", "mfa"), [(True, False), (False, True)])
def test_all_trusted_locations_are_those_trusted_now(graph: Graph, fabrikam: Tenant, trusted: bool, mfa: bool) -> None:
    conditions = users(includeUsers=["All"]) | {
        "locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    }
    graph("POST", POLICIES, body(conditions=conditions))
    ranges = [{"cidrAddress": "192.0.2.0/24"}]
    place = {"@odata.type": IP_LOCATION, "displayName": "Office", "isTrusted": trusted, "ipRanges": ranges}
    assert graph("POST", LOCATIONS, place).status_code == 201
    assert weigh(fabrikam, "192.0.2.7").mfa is mfa
    assert weigh(fabrikam, "198.51.100.7").mfa


def test_a_custom_control_is_named_by_its_id(graph: Graph, fabrikam: Tenant, contoso: Tenant) -> None:
    facts = {"name": "C", "url": "https://c.example", "issuer": "c", "certificate": "PEM"}
    control = CustomControl.objects.create(tenant=fabrikam, **facts)
    foreign = CustomControl.objects.create(tenant=contoso, **facts)
    grant = {"operator": "OR", "builtInControls": [], "customAuthenticationFactors": [str(control.pk)]}
    assert graph("POST", POLICIES, body(grantControls=grant)).json()["grantControls"] == grant
    assert weigh(fabrikam).custom_controls == (str(control.pk),)
    grant["customAuthenticationFactors"] = [str(foreign.pk)]
    assert graph("POST", POLICIES, body(displayName="F", grantControls=grant)).status_code == 400


def test_a_patch_changes_what_it_names_and_keeps_the_rest(graph: Graph, fabrikam: Tenant, john: User) -> None:
    policy = save_policy(tenant=fabrikam, name="P", grant=Grant.MFA, exclude_users=[str(john.pk)], actor="test")
    path = f"{POLICIES}/{policy.pk}"
    assert graph("PATCH", path, {"state": "enabledForReportingButNotEnforced"}).status_code == 204
    assert (
        graph("PATCH", path, {"displayName": "Q", "conditions": {"users": {"includeUsers": ["None"]}}}).status_code
        == 204
    )
    found = graph.get(path).json()
    assert (found["displayName"], found["state"]) == ("Q", "enabledForReportingButNotEnforced")
    assert found["conditions"]["users"]["includeUsers"] == ["None"]
    assert found["conditions"]["users"]["excludeUsers"] == [str(john.pk)]


def test_a_deleted_policy_is_gone(graph: Graph, fabrikam: Tenant) -> None:
    policy = save_policy(tenant=fabrikam, name="P", grant=Grant.MFA, actor="test")
    assert graph("DELETE", f"{POLICIES}/{policy.pk}").status_code == 204
    assert graph.get(f"{POLICIES}/{policy.pk}").status_code == 404
    assert not weigh(fabrikam).mfa


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"displayName": ""}, "displayName"),
        ({"displayName": "x" * 121}, "displayName"),
        ({"state": "on"}, "state"),
        ({"grantControls": {"builtInControls": ["mfa", "block"]}}, "grantControls"),
        ({"grantControls": {"builtInControls": ["compliantDevice"]}}, "grantControls"),
        ({"sessionControls": {"signInFrequency": {"value": 1}}}, "sessionControls"),
        ({"conditions": users(includeUsers=["All"]) | {"platforms": {"includePlatforms": ["iOS"]}}}, "platforms"),
        ({"conditions": users(includeUsers=["All"]) | {"clientAppTypes": ["other"]}}, "clientAppTypes"),
        ({"conditions": users()}, "users"),
        ({"conditions": users(includeUsers="All")}, "includeUsers"),
        ({"conditions": users(includeUsers=["c0000000-0000-4000-8000-00000000dead"])}, "user"),
        ({"conditions": users(includeUsers=["nonsense"])}, "nonsense"),
        ({"conditions": users(includeGroups=["c0000000-0000-4000-8000-00000000dead"])}, "group"),
        ({"conditions": users(includeRoles=["c0000000-0000-4000-8000-00000000dead"])}, "role"),
        ({"conditions": {"users": {"includeUsers": ["All"]}}}, "includeApplications"),
        (
            {"conditions": users(includeUsers=["All"]) | {"locations": {"includeLocations": ["Moon"]}}},
            "named location",
        ),
        (
            {"conditions": users(includeUsers=["All"]) | {"locations": {"excludeLocations": ["AllTrusted"]}}},
            "includeLocations",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(graph: Graph, changes: dict[str, Any], named: str) -> None:
    refused = graph("POST", POLICIES, body(**changes))
    assert refused.status_code == 400
    assert named in refused.json()["error"]["message"]
    assert not ConditionalAccessPolicy.objects.exists()


def test_another_tenants_people_cannot_be_named(graph: Graph, alejandra: User) -> None:
    assert graph("POST", POLICIES, body(conditions=users(includeUsers=[str(alejandra.pk)]))).status_code == 400


def test_a_name_is_used_once(graph: Graph, fabrikam: Tenant) -> None:
    assert graph("POST", POLICIES, body()).status_code == 201
    assert graph("POST", POLICIES, body()).status_code == 409


def test_a_location_is_made_changed_and_deleted(graph: Graph, fabrikam: Tenant) -> None:
    given = {"@odata.type": IP_LOCATION, "displayName": "Office", "ipRanges": [{"cidrAddress": "192.0.2.0/24"}]}
    made = graph("POST", LOCATIONS, given).json()
    assert (made["displayName"], made["isTrusted"]) == ("Office", False)
    assert made["ipRanges"] == [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"}]
    path = f"{LOCATIONS}/{made['id']}"
    ranges = {"ipRanges": [{"cidrAddress": "2001:db8::/32"}], "isTrusted": True}
    assert graph("PATCH", path, ranges).status_code == 204
    found = graph.get(path).json()
    assert (found["displayName"], found["isTrusted"]) == ("Office", True)
    assert found["ipRanges"][0]["@odata.type"] == "#microsoft.graph.iPv6CidrRange"
    assert graph("DELETE", path).status_code == 204
    assert graph.values(LOCATIONS) == []


def test_a_location_in_use_is_not_deleted(graph: Graph, fabrikam: Tenant) -> None:
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], actor="test")
    save_policy(tenant=fabrikam, name="P", grant=Grant.MFA, include_locations=[office], actor="test")
    assert graph("DELETE", f"{LOCATIONS}/{office.pk}").status_code == 400
    assert NamedLocation.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"@odata.type": "#microsoft.graph.countryNamedLocation", "displayName": "X"},
        {"@odata.type": IP_LOCATION, "displayName": "X", "ipRanges": []},
        {"@odata.type": IP_LOCATION, "displayName": "X", "ipRanges": [{"cidrAddress": "192.0.2.0/99"}]},
        {"@odata.type": IP_LOCATION, "displayName": "X", "ipRanges": [{"cidrAddress": "192.0.2.7/24"}]},
        {"@odata.type": IP_LOCATION, "ipRanges": [{"cidrAddress": "192.0.2.0/24"}]},
    ],
)
def test_a_location_that_is_none_is_refused(graph: Graph, given: dict[str, Any]) -> None:
    assert graph("POST", LOCATIONS, given).status_code == 400
    assert not NamedLocation.objects.exists()


def test_another_tenants_policies_and_locations_are_not_there(graph: Graph, contoso: Tenant) -> None:
    policy = save_policy(tenant=contoso, name="P", grant=Grant.MFA, state=PolicyState.OFF, actor="test")
    place = save_location(tenant=contoso, name="L", cidr_ranges=["192.0.2.0/24"], actor="test")
    for path in (f"{POLICIES}/{policy.pk}", f"{LOCATIONS}/{place.pk}"):
        for method in ("GET", "PATCH", "DELETE"):
            assert graph(method, path, {}).status_code == 404
    assert graph.values(POLICIES) == graph.values(LOCATIONS) == []


def test_policies_add_no_queries(graph: Graph, fabrikam: Tenant, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        save_policy(tenant=fabrikam, name=f"P{number}", grant=Grant.MFA, state=PolicyState.OFF, actor="test")
    with django_assert_max_num_queries(10):
        assert len(graph.get(POLICIES).json()["value"]) == 12


@pytest.mark.parametrize("path", [POLICIES, LOCATIONS])
def test_who_may(graph_as: Callable[..., Graph], grace: User, john: User, path: str) -> None:
    reader = graph_as(grace, scope="Policy.Read.All")
    assert reader.get(path).status_code == 200
    assert reader("POST", path, {}).status_code == 403
    assert graph_as(grace, scope="User.Read.All").get(path).status_code == 403
    assert graph_as(john).get(path).status_code == 403
    assert Graph(reader.client, "").get(path).status_code == 401
    assert Graph(reader.client, "")("POST", path, {}).status_code == 401
    guard = make_user(john.tenant, "guard")
    guard.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)
    assert graph_as(guard)("POST", path, {}).status_code == 403  # not verified
    assert graph_as(guard, *VERIFIED)("POST", path, {}).status_code == 400
