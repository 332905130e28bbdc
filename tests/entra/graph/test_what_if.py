"""What if, over Graph: outcome, rules and reasons, and whom a policy would lock out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from entra.directory.models import AccountClass, AuthenticatorApp, Tenant, User
from entra.policy.administration import (
    save_location,
    save_policy,
    set_allowed_methods,
    set_legacy_block,
    set_per_user_mfa,
)
from entra.policy.evaluate import Grant, PerUserMfaState, PolicyState
from entra.policy.models import SecurityDefaults
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import Graph

EVALUATE = "beta/identity/conditionalAccess/evaluate"
APP = "10000000-0000-4000-8000-00000000000a"
SUMMARY = "@ours.summary"


def asked(user: User, **conditions: str) -> dict[str, Any]:
    return {
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": str(user.pk)},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [APP]},
        "signInConditions": conditions,
    }


def answer(graph: Graph, user: User, **conditions: str) -> tuple[str, str | None, int]:
    response = graph("POST", EVALUATE, asked(user, **conditions))
    assert response.status_code == 200, response.content
    found = response.json()[SUMMARY]
    return found["outcome"], found["step"], found["errorCode"]


def policy(tenant: Tenant, name: str, **facts: Any) -> None:
    save_policy(**{"tenant": tenant, "name": name, "grant": Grant.MFA, "actor": "test"} | facts)


@pytest.fixture
def app(john: User) -> AuthenticatorApp:
    return AuthenticatorApp.objects.create(account=john, name="App", seed_sealed="x", confirmed=True)


def test_nothing_is_asked_where_no_rule_asks(graph: Graph, john: User) -> None:
    assert answer(graph, john) == ("allow", None, 0)


def test_verification_registration_and_refusal(graph: Graph, john: User, request: Any) -> None:
    policy(john.tenant, "All")
    assert answer(graph, john) == ("prompt", "register", 0)
    request.getfixturevalue("app")
    assert answer(graph, john) == ("prompt", "verify", 0)
    set_allowed_methods(tenant=john.tenant, kinds=[], actor="test")
    assert answer(graph, john) == ("block", None, 50079)


def test_a_block_and_a_disabled_account(graph: Graph, john: User) -> None:
    policy(john.tenant, "No", grant=Grant.BLOCK)
    assert answer(graph, john) == ("block", None, 53003)
    User.objects.filter(pk=john.pk).update(account_enabled=False)
    assert answer(graph, john) == ("block", None, 50057)


def test_every_policy_is_answered_with_its_reason(graph: Graph, john: User, fabrikam: Tenant) -> None:
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], actor="test")
    policy(fabrikam, "A applies")
    policy(fabrikam, "B off", state=PolicyState.OFF)
    policy(fabrikam, "C report", grant=Grant.BLOCK, state=PolicyState.REPORT_ONLY)
    policy(fabrikam, "D others", include_users=[])
    policy(fabrikam, "E other app", include_applications=["other"])
    policy(fabrikam, "F office", include_locations=[office])
    body = asked(john, ipAddress="198.51.100.7", clientAppType="browser")
    rows = graph("POST", EVALUATE, body).json()["value"]
    assert [(row["displayName"], row["policyApplies"], row["analysisReasons"]) for row in rows] == [
        ("A applies", True, "notSet"),
        ("B off", False, "policyNotEnabled"),
        ("C report", True, "notSet"),
        ("D others", False, "users"),
        ("E other app", False, "application"),
        ("F office", False, "location"),
    ]
    applied = graph("POST", EVALUATE, body | {"appliedPoliciesOnly": True}).json()["value"]
    assert [row["displayName"] for row in applied] == ["A applies", "C report"]
    inside = graph("POST", EVALUATE, asked(john, ipAddress="192.0.2.9")).json()["value"]
    assert inside[5]["policyApplies"] is True


def test_the_summary_names_every_rule(graph: Graph, john: User) -> None:
    set_per_user_mfa(users=[john], state=PerUserMfaState.ENFORCED, actor="test")
    long_ago = timezone.now() - timedelta(days=20)
    SecurityDefaults.objects.create(tenant=john.tenant, enabled_at=long_ago)
    User.objects.filter(pk=john.pk).update(created_at=long_ago)
    set_legacy_block(tenant=john.tenant, on=True, actor="test")
    policy(john.tenant, "All", state=PolicyState.OFF)
    body = graph("POST", EVALUATE, asked(john, clientAppType="other")).json()
    rules = [(one["rule"], one["applies"], one["why"]) for one in body[SUMMARY]["weighedRules"]]
    assert rules == [
        ("perUserMfa", True, "applies"),
        ("securityDefaults", True, "registrationOverdue"),
        ("policy:All", False, "off"),
        ("legacyAuthentication", True, "applies"),
    ]
    assert (body[SUMMARY]["outcome"], body[SUMMARY]["errorCode"]) == ("block", 53003)


def test_an_old_protocol_cannot_ask_for_verification(graph: Graph, john: User, app: AuthenticatorApp) -> None:
    assert answer(graph, john, clientAppType="other") == ("allow", None, 0)
    policy(john.tenant, "All")
    assert answer(graph, john, clientAppType="other") == ("block", None, 50076)


def test_security_defaults_ask_at_places_that_are_not_known(graph: Graph, john: User, app: AuthenticatorApp) -> None:
    SecurityDefaults.objects.create(tenant=john.tenant, enabled_at=timezone.now())
    assert answer(graph, john) == ("prompt", "verify", 0)
    assert answer(graph, john, signInRiskLevel="none") == ("allow", None, 0)


def test_registration_may_wait_for_fourteen_days(graph: Graph, john: User) -> None:
    SecurityDefaults.objects.create(tenant=john.tenant, enabled_at=timezone.now())
    body = graph("POST", EVALUATE, asked(john)).json()
    assert body[SUMMARY]["outcome"] == "allow"
    assert body[SUMMARY]["registerBy"] > (timezone.now() + timedelta(days=13)).strftime("%Y-%m-%d")


def test_a_guest_is_weighed_by_the_tenant_visited(graph: Graph, john: User, alejandra: User) -> None:
    guest = make_user(john.tenant, "visitor", user_type="Guest", home_account=alejandra)
    policy(alejandra.tenant, "At home", grant=Grant.BLOCK)
    assert answer(graph, guest) == ("allow", None, 0)
    policy(john.tenant, "Guests", include_users=[], include_guests=True)
    assert answer(graph, guest) == ("prompt", "register", 0)


def test_an_account_for_emergencies_is_under_no_rule(graph: Graph, fabrikam: Tenant) -> None:
    spare = make_user(fabrikam, "spare", account_class=AccountClass.BREAK_GLASS)
    policy(fabrikam, "No", grant=Grant.BLOCK)
    body = graph("POST", EVALUATE, asked(spare)).json()
    assert (body[SUMMARY]["outcome"], body["value"][0]["policyApplies"]) == ("allow", False)
    assert [one["why"] for one in body[SUMMARY]["weighedRules"]] == ["breakGlass"]


@pytest.mark.parametrize(
    ("part", "value", "named"),
    [
        ("signInIdentity", {}, "userId"),
        ("signInIdentity", {"userId": "john"}, "userId"),
        ("signInContext", {"includeApplications": []}, "includeApplications"),
        ("signInContext", {"includeApplications": ["c0000000-0000-4000-8000-00000000dead"]}, "includeApplications"),
        ("signInContext", {"userAction": "registerSecurityInformation"}, "userAction"),
        ("signInConditions", {"country": "JP"}, "country"),
        ("signInConditions", {"ipAddress": "office"}, "ipAddress"),
        ("signInConditions", {"clientAppType": "telex"}, "clientAppType"),
        ("signInConditions", {"signInRiskLevel": 3}, "signInRiskLevel"),
    ],
)
def test_what_is_not_understood_is_refused(graph: Graph, john: User, part: str, value: Any, named: str) -> None:
    refused = graph("POST", EVALUATE, asked(john) | {part: value})
    assert refused.status_code == 400
    assert named in refused.json()["error"]["message"]


def test_another_tenants_user_is_not_found(graph: Graph, alejandra: User) -> None:
    assert graph("POST", EVALUATE, asked(alejandra)).status_code == 404


def test_nothing_is_written(graph: Graph, john: User) -> None:
    from activity.models import AuditRecord
    from entra.signin.models import SignIn

    before = (AuditRecord.objects.count(), SignIn.objects.count())
    answer(graph, john)
    assert (AuditRecord.objects.count(), SignIn.objects.count()) == before


def test_who_would_be_locked_out(graph: Graph, john: User, grace: User, contoso: Tenant) -> None:
    made = save_policy(
        tenant=john.tenant,
        name="P",
        grant=Grant.BLOCK,
        state=PolicyState.REPORT_ONLY,
        exclude_users=[str(grace.pk)],
        actor="test",
    )
    path = f"ours/identity/conditionalAccess/policies/{made.pk}/lockedOut"
    assert graph.get(path).json() == {
        "value": [
            {
                "id": str(john.pk),
                "displayName": "John Example",
                "userPrincipalName": "john@fabrikam.example",
                "obstacle": "blocked",
                "errorCode": 53003,
            }
        ]
    }
    foreign = save_policy(tenant=contoso, name="P", grant=Grant.BLOCK, state=PolicyState.OFF, actor="test")
    assert graph.get(path.replace(str(made.pk), str(foreign.pk))).status_code == 404


def test_who_may(graph_as: Callable[..., Graph], grace: User, john: User) -> None:
    made = save_policy(tenant=john.tenant, name="P", grant=Grant.BLOCK, state=PolicyState.OFF, actor="test")
    path = f"ours/identity/conditionalAccess/policies/{made.pk}/lockedOut"
    reader = graph_as(grace, scope="Policy.Read.All")
    assert reader.get(path).status_code == reader("POST", EVALUATE, asked(john)).status_code == 200
    for wrong in (graph_as(grace, scope="User.Read.All"), graph_as(john)):
        assert wrong.get(path).status_code == wrong("POST", EVALUATE, asked(john)).status_code == 403
    nobody = Graph(reader.client, "")
    assert nobody.get(path).status_code == nobody("POST", EVALUATE, asked(john)).status_code == 401
