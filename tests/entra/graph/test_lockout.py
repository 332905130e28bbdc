"""No write over Graph locks the last Global administrator out; what would is undone."""

from collections.abc import Callable
from typing import Any

import pytest

from activity.models import AuditRecord
from entra.directory.methods import MethodKind
from entra.directory.models import AccountClass, AuthenticatorApp, DirectoryRole, HardwareToken, Tenant, User
from entra.policy.administration import save_location, save_policy, set_allowed_methods
from entra.policy.evaluate import EVERYBODY, Grant, PolicyState
from entra.policy.models import ConditionalAccessPolicy, SecurityDefaults
from entra.policy.services import allowed_methods
from entra.signin.lockout import Obstacle, locked_out_by
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import VERIFIED, Graph
from tests.entra.graph.directory import make_group, reference
from tests.entra.graph.test_access_policies import POLICIES, body, users

BLOCK = {"operator": "OR", "builtInControls": ["block"]}


def refused(response: Any) -> bool:
    if response.status_code != 400:
        return False
    error = response.json()["error"]
    return error["code"] == "Lockout_Prevented" and "no Global administrator could sign in" in error["message"]


def test_blocking_everybody_is_refused_and_leaves_nothing_behind(graph: Graph) -> None:
    before = AuditRecord.objects.count()
    assert refused(graph("POST", POLICIES, body(grantControls=BLOCK)))
    assert not ConditionalAccessPolicy.objects.exists()
    assert AuditRecord.objects.count() == before


def test_blocking_everybody_but_an_administrator_is_not(graph: Graph, grace: User) -> None:
    conditions = users(includeUsers=["All"], excludeUsers=[str(grace.pk)])
    assert graph("POST", POLICIES, body(grantControls=BLOCK, conditions=conditions)).status_code == 201


def test_a_disabled_administrator_is_no_way_out(graph: Graph, grace: User, fabrikam: Tenant) -> None:
    spare = make_user(fabrikam, "spare", account_enabled=False)
    spare.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    conditions = users(includeUsers=["All"], excludeUsers=[str(spare.pk)])
    assert refused(graph("POST", POLICIES, body(grantControls=BLOCK, conditions=conditions)))


def test_an_account_for_emergencies_is_a_way_out(graph: Graph, fabrikam: Tenant) -> None:
    spare = make_user(fabrikam, "breakglass", account_class=AccountClass.BREAK_GLASS)
    spare.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    assert graph("POST", POLICIES, body(grantControls=BLOCK)).status_code == 201


@pytest.mark.parametrize("state", ["disabled", "enabledForReportingButNotEnforced"])
def test_a_block_may_be_prepared_and_not_switched_on(graph: Graph, state: str) -> None:
    made = graph("POST", POLICIES, body(grantControls=BLOCK, state=state)).json()
    path = f"{POLICIES}/{made['id']}"
    assert refused(graph("PATCH", path, {"state": "enabled"}))
    assert graph.get(path).json()["state"] == state


def test_a_block_outside_the_office_leaves_the_office(graph: Graph, fabrikam: Tenant) -> None:
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], actor="test")
    conditions = users(includeUsers=["All"]) | {
        "locations": {"includeLocations": ["All"], "excludeLocations": [str(office.pk)]}
    }
    assert graph("POST", POLICIES, body(grantControls=BLOCK, conditions=conditions)).status_code == 201


def test_mfa_that_nobody_can_register_is_refused_from_either_side(graph: Graph, fabrikam: Tenant) -> None:
    set_allowed_methods(tenant=fabrikam, kinds=[], actor="test")
    assert refused(graph("POST", POLICIES, body()))
    assert refused(graph("PATCH", "policies/identitySecurityDefaultsEnforcementPolicy", {"isEnabled": True}))
    assert not SecurityDefaults.objects.exists()
    set_allowed_methods(tenant=fabrikam, kinds=None, actor="test")
    assert graph("POST", POLICIES, body()).status_code == 201
    methods = "policies/authenticationMethodsPolicy/authenticationMethodConfigurations"
    assert graph("PATCH", f"{methods}/Fido2", {"state": "disabled"}).status_code == 204
    assert graph("PATCH", f"{methods}/HardwareOath", {"state": "disabled"}).status_code == 204
    assert refused(graph("PATCH", f"{methods}/SoftwareOath", {"state": "disabled"}))
    assert "authenticatorApp" in allowed_methods(fabrikam)


def test_the_administrators_method_stays_allowed_as_none_can_be_registered_beside_it(
    graph: Graph, fabrikam: Tenant, grace: User, make: Callable[[User], AuthenticatorApp]
) -> None:
    make(grace)
    assert graph("POST", POLICIES, body()).status_code == 201
    app = "policies/authenticationMethodsPolicy/authenticationMethodConfigurations/SoftwareOath"
    assert refused(graph("PATCH", app, {"state": "disabled"}))
    spare = make_user(fabrikam, "spare")
    spare.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    assert graph("PATCH", app, {"state": "disabled"}).status_code == 204
    mfa = ConditionalAccessPolicy.objects.get()
    assert names(locked_out_by(mfa)) == {"grace": "noMethod"}


def test_per_user_mfa_that_nobody_can_register_is_refused(graph: Graph, fabrikam: Tenant, grace: User) -> None:
    set_allowed_methods(tenant=fabrikam, kinds=[], actor="test")
    path = f"beta/users/{grace.pk}/authentication/requirements"
    assert refused(graph("PATCH", path, {"perUserMfaState": "enforced"}))
    assert graph.get(path).json()["perUserMfaState"] == "disabled"


@pytest.mark.requirement("M8")
def test_a_blocked_group_takes_in_no_last_administrator_and_the_excluded_one_keeps_it(
    graph_as: Callable[..., Graph], graph: Graph, fabrikam: Tenant, grace: User, john: User
) -> None:
    agents = make_group(fabrikam, "AdminAgents", john)
    helpdesk = make_group(fabrikam, "HelpdeskAgents", owned_by=agents)
    save_policy(
        tenant=fabrikam, name="B", grant=Grant.BLOCK, include_users=[], include_groups=[str(helpdesk.pk)], actor="t"
    )
    owner = graph_as(john, *VERIFIED)
    assert refused(owner("POST", f"groups/{helpdesk.pk}/members/$ref", reference(grace)))
    assert owner("POST", f"groups/{helpdesk.pk}/members/$ref", reference(john)).status_code == 204
    agents.members.add(grace)
    save_policy(tenant=fabrikam, name="A", grant=Grant.BLOCK, exclude_groups=[str(agents.pk)], actor="t")
    assert refused(graph("DELETE", f"groups/{agents.pk}/members/{grace.pk}/$ref"))
    assert agents.members.filter(pk=grace.pk).exists()


def test_the_last_administrator_who_can_sign_in_stays_one(
    graph: Graph, fabrikam: Tenant, grace: User, make: Callable[[User], AuthenticatorApp]
) -> None:
    spare = make_user(fabrikam, "spare")
    spare.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    save_policy(tenant=fabrikam, name="B", grant=Grant.BLOCK, include_users=[str(spare.pk)], actor="t")
    role = f"directoryRoles(roleTemplateId='{DirectoryRole.GLOBAL_ADMINISTRATOR.value}')/members/{grace.pk}/$ref"
    assert refused(graph("DELETE", role))
    assert refused(graph("PATCH", f"users/{grace.pk}", {"accountEnabled": False}))
    app = make(grace)
    set_allowed_methods(tenant=fabrikam, kinds=[MethodKind.AUTHENTICATOR_APP], actor="t")
    save_policy(tenant=fabrikam, name="MFA", grant=Grant.MFA, actor="t")
    token = HardwareToken.objects.create(
        tenant=fabrikam, serial_number="1", account=grace, seed_sealed="x", confirmed=True
    )
    methods = f"users/{grace.pk}/authentication"
    assert refused(graph("DELETE", f"{methods}/softwareOathMethods/{app.pk}"))
    assert graph("DELETE", f"{methods}/hardwareOathMethods/{token.pk}").status_code == 204
    assert graph("DELETE", f"{methods}/softwareOathMethods/{app.pk}").status_code == 204


def test_hardware_tokens_alone_will_do_where_one_waits(graph: Graph, fabrikam: Tenant) -> None:
    set_allowed_methods(tenant=fabrikam, kinds=[MethodKind.HARDWARE_TOKEN], actor="test")
    assert refused(graph("POST", POLICIES, body()))
    HardwareToken.objects.create(tenant=fabrikam, serial_number="1", seed_sealed="x")
    assert graph("POST", POLICIES, body()).status_code == 201


@pytest.mark.requirement("M15")
def test_a_guest_is_no_last_administrator(graph: Graph, fabrikam: Tenant, alejandra: User) -> None:
    visitor = make_user(fabrikam, "visitor", user_type="Guest", home_account=alejandra)
    visitor.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    conditions = users(includeUsers=["All"], excludeUsers=[str(visitor.pk)])
    assert refused(graph("POST", POLICIES, body(grantControls=BLOCK, conditions=conditions)))


def test_a_tenant_that_is_locked_out_already_may_be_mended(graph: Graph, fabrikam: Tenant) -> None:
    save_policy(tenant=fabrikam, name="All", grant=Grant.BLOCK, actor="test")
    other = save_policy(tenant=fabrikam, name="Also", grant=Grant.BLOCK, actor="test")
    assert graph("PATCH", f"{POLICIES}/{other.pk}", {"state": "disabled"}).status_code == 204


def names(found: Any) -> dict[str, Obstacle]:
    return {one.account.user_principal_name.partition("@")[0]: one.obstacle for one in found}


def test_who_is_locked_out_by_a_policy(
    fabrikam: Tenant, grace: User, john: User, alejandra: User, make: Callable[[User], AuthenticatorApp]
) -> None:
    make_user(fabrikam, "breakglass", account_class=AccountClass.BREAK_GLASS)
    make_user(fabrikam, "gone", account_enabled=False)
    make_user(fabrikam, "visitor", user_type="Guest", home_account=alejandra)
    make(john)
    mfa = save_policy(tenant=fabrikam, name="MFA", grant=Grant.MFA, state=PolicyState.REPORT_ONLY, actor="test")
    assert names(locked_out_by(mfa)) == {}
    set_allowed_methods(tenant=fabrikam, kinds=[], actor="test")
    # John's app is of no use where no method is allowed; the guest registers at home.
    assert names(locked_out_by(mfa)) == {"grace": "noMethod", "john": "noMethod"}
    block = save_policy(
        tenant=fabrikam,
        name="Block",
        grant=Grant.BLOCK,
        state=PolicyState.OFF,
        exclude_users=[str(grace.pk)],
        actor="test",
    )
    assert names(locked_out_by(block)) == {"john": "blocked", "visitor": "blocked"}


def test_a_policy_that_covers_nothing_locks_nobody_out(fabrikam: Tenant, john: User) -> None:
    policy = save_policy(
        tenant=fabrikam, name="P", grant=Grant.BLOCK, state=PolicyState.OFF, exclude_applications=[EVERYBODY], actor="t"
    )
    assert locked_out_by(policy) == []


def test_a_token_that_waits_for_one_person_helps_nobody_else(fabrikam: Tenant, john: User) -> None:
    make_user(fabrikam, "anna")
    make_user(fabrikam, "zoe")
    set_allowed_methods(tenant=fabrikam, kinds=[MethodKind.HARDWARE_TOKEN], actor="test")
    HardwareToken.objects.create(tenant=fabrikam, serial_number="1", account=john, seed_sealed="x")
    policy = save_policy(tenant=fabrikam, name="MFA", grant=Grant.MFA, state=PolicyState.OFF, actor="test")
    assert names(locked_out_by(policy)) == {"anna": "noMethod", "zoe": "noMethod"}
    HardwareToken.objects.create(tenant=fabrikam, serial_number="2", seed_sealed="x")
    assert names(locked_out_by(policy)) == {}


def test_the_list_costs_the_same_for_many(fabrikam: Tenant, john: User, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        make_user(fabrikam, f"user{number}")
    policy = save_policy(tenant=fabrikam, name="P", grant=Grant.BLOCK, state=PolicyState.OFF, actor="test")
    with django_assert_max_num_queries(20):
        assert len(locked_out_by(policy)) == 61


@pytest.fixture
def make() -> Callable[[User], AuthenticatorApp]:
    return lambda user: AuthenticatorApp.objects.create(account=user, name="App", seed_sealed="x", confirmed=True)
