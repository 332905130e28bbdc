"""The sign-in log over Graph: its shape, its filters, and who may read it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from entra.directory.models import DirectoryRole, Tenant, User
from entra.policy.administration import require_mfa
from entra.policy.evaluate import Grant, PolicyState
from entra.policy.models import ConditionalAccessPolicy
from entra.signin.method import Method
from entra.signin.models import SignIn
from tests.entra.conftest import RelyingParty
from tests.entra.graph.conftest import Graph


@pytest.fixture
def logged(graph: Graph, rp: RelyingParty, john: User, sign_in: Callable[..., None]) -> SignIn:
    """John's sign-in with two policies at Fabrikam; the administrator's own is out of the way."""
    SignIn.objects.all().delete()
    require_mfa(tenant=john.tenant, name="Everybody", users=None, excluded=[], actor="test")
    ConditionalAccessPolicy.objects.create(
        tenant=john.tenant,
        name="Later",
        grant=Grant.BLOCK,
        state=PolicyState.REPORT_ONLY,
        include_users=["all"],
        include_applications=["all"],
    )
    sign_in(rp.browser, john, Method.PASSWORD, Method.AUTHENTICATOR_APP)
    rp.answer()
    return SignIn.objects.get()


def test_a_sign_in_is_told_in_graphs_shape(graph: Graph, logged: SignIn, john: User) -> None:
    (row,) = graph.values("auditLogs/signIns")
    assert row["id"] == str(logged.pk)
    assert (row["userId"], row["userPrincipalName"]) == (str(john.pk), "john@fabrikam.example")
    assert (row["userDisplayName"], row["appDisplayName"]) == ("John Example", "Partner Center")
    assert row["appId"] == "10000000-0000-4000-8000-00000000000a"
    assert (row["ipAddress"], row["clientAppUsed"], row["isInteractive"]) == ("127.0.0.1", "Browser", False)
    assert row["conditionalAccessStatus"] == "success"
    assert row["authenticationRequirement"] == "multiFactorAuthentication"
    assert row["status"] == {
        "errorCode": 0,
        "failureReason": "Other.",
        "additionalDetails": "MFA requirement satisfied",
    }
    assert [(one["authenticationMethod"], one["succeeded"]) for one in row["authenticationDetails"]] == [
        ("Password", True),
        ("OATH verification code", True),
    ]
    policies = row["appliedConditionalAccessPolicies"]
    assert [(one["displayName"], one["enforcedGrantControls"], one["result"]) for one in policies] == [
        ("Everybody", ["Mfa"], "success"),
        ("Later", ["Block"], "reportOnlyFailure"),
    ]
    assert (row["homeTenantId"], row["resourceTenantId"]) == (str(john.tenant_id), str(john.tenant_id))
    assert {"rule": "securityDefaults", "applies": False, "why": "off"}.items() <= row["weighedRules"][1].items()
    assert graph.get(f"auditLogs/signIns/{logged.pk}").json() == row


def test_beta_tells_the_same(graph: Graph, logged: SignIn) -> None:
    """At Microsoft's directory the steps of a sign-in are there alone."""
    assert graph.values("beta/auditLogs/signIns") == graph.values("auditLogs/signIns")


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("userPrincipalName eq 'John@fabrikam.example'", True),
        ("userPrincipalName eq 'grace@fabrikam.example'", False),
        ("appId eq '10000000-0000-4000-8000-00000000000a'", True),
        ("status/errorCode eq 0", True),
        ("status/errorCode ne 0", False),
        ("mfaSatisfied eq true", True),
        ("mfaSatisfied eq false", False),
        ("conditionalAccessStatus eq 'success'", True),
        ("conditionalAccessStatus eq 'failure'", False),
        ("createdDateTime ge 2020-01-01T00:00:00Z and createdDateTime lt 2099-01-01T00:00:00Z", True),
        ("createdDateTime gt 2099-01-01T00:00:00Z", False),
    ],
)
def test_filters(graph: Graph, logged: SignIn, condition: str, found: bool) -> None:
    assert bool(graph.values("auditLogs/signIns", **{"$filter": condition})) is found


def test_a_user_is_filtered_by_id(graph: Graph, logged: SignIn, john: User, grace: User) -> None:
    assert graph.values("auditLogs/signIns", **{"$filter": f"userId eq '{john.pk}'"})
    assert not graph.values("auditLogs/signIns", **{"$filter": f"userId eq '{grace.pk}'"})


def test_the_latest_comes_first_over_all_pages(graph: Graph, logged: SignIn) -> None:
    for days in (3, 1, 2):
        copy = SignIn.objects.get(pk=logged.pk)
        copy.pk, copy.at = uuid4(), timezone.now() - timedelta(days=days)
        copy._state.adding = True
        copy.save(force_insert=True)
    times = [row["createdDateTime"] for row in graph.values("auditLogs/signIns", **{"$top": "2"})]
    assert len(times) == 4
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("option", [("$orderby", "userId"), ("$filter", "status/errorCode eq 'x'"), ("$top", "0")])
def test_what_is_not_understood_is_refused(graph: Graph, option: tuple[str, str]) -> None:
    assert graph.get("auditLogs/signIns", **{option[0]: option[1]}).status_code == 400


def test_rows_add_no_queries(graph: Graph, logged: SignIn, django_assert_max_num_queries: Any) -> None:
    for _ in range(20):
        logged.pk = uuid4()
        logged._state.adding = True
        logged.save(force_insert=True)
    with django_assert_max_num_queries(8):
        graph.get("auditLogs/signIns")


def test_another_tenants_sign_ins_are_not_there(graph: Graph, logged: SignIn, contoso: Tenant) -> None:
    SignIn.objects.filter(pk=logged.pk).update(tenant=contoso)
    assert graph.get(f"auditLogs/signIns/{logged.pk}").status_code == 404
    assert graph.values("auditLogs/signIns") == []


def test_the_log_needs_its_permission_and_role(graph_as: Callable[..., Graph], grace: User, john: User) -> None:
    assert graph_as(grace, scope="User.Read.All").get("auditLogs/signIns").status_code == 403
    assert graph_as(john).get("auditLogs/signIns").status_code == 403
    john.role_assignments.create(role=DirectoryRole.BILLING_ADMINISTRATOR)
    assert graph_as(john).get("auditLogs/signIns").status_code == 403
    john.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)
    assert graph_as(john, scope="AuditLog.Read.All").get("auditLogs/signIns").status_code == 200


def test_without_a_token_nothing_is_answered(graph: Graph) -> None:
    assert Graph(graph.client, "").get("auditLogs/signIns").status_code == 401


def test_sign_in_activity_is_given_when_asked_for(graph: Graph, logged: SignIn, john: User) -> None:
    expected = logged.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    (row,) = graph.values(
        "users", **{"$select": "id,signInActivity", "$filter": "userPrincipalName eq 'john@fabrikam.example'"}
    )
    assert row == {
        "id": str(john.pk),
        "signInActivity": {
            "lastSignInDateTime": expected,
            "lastNonInteractiveSignInDateTime": expected,
            "lastSuccessfulSignInDateTime": expected,
        },
    }
    assert graph.get(f"users/{john.pk}", **{"$select": "signInActivity"}).json() == {
        "signInActivity": row["signInActivity"]
    }
    assert "signInActivity" not in graph.get(f"users/{john.pk}").json()


def test_sign_in_activity_needs_the_right_to_read_the_log(graph_as: Callable[..., Graph], john: User) -> None:
    assert graph_as(john).get("users", **{"$select": "signInActivity"}).status_code == 403


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("eq null", False),
        ("ne null", True),
        ("le 2026-01-01T00:00:00Z", False),
        ("gt 2026-01-01T00:00:00Z", True),
    ],
)
def test_users_are_found_by_their_last_sign_in(
    graph: Graph, logged: SignIn, john: User, condition: str, found: bool
) -> None:
    """Somebody who never signed in is neither before nor after a moment."""
    rows = graph.values("users", **{"$filter": f"signInActivity/lastSignInDateTime {condition}"})
    assert ("john@fabrikam.example" in [row["userPrincipalName"] for row in rows]) is found


def test_finding_by_the_last_sign_in_needs_the_right_to_read_the_log(
    graph_as: Callable[..., Graph], john: User
) -> None:
    response = graph_as(john).get("users", **{"$filter": "signInActivity/lastSignInDateTime eq null"})
    assert response.status_code == 403
