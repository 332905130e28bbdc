"""What the sign-in log says a report-only policy would have done is what it does once it is on (V13).

The same sign-ins are made twice over HTTP: before and after an administrator's program switches the policy on. What the
log is to say of each is typed by hand, for three policies that differ in what they demand.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client

from entra.apps.services import register_application
from entra.directory.models import AccountClass, AuthenticatorApp, Tenant, User, UserType
from entra.policy.administration import save_location, set_allowed_methods
from entra.policy.models import CustomControl
from entra.signin.method import Method
from tests.entra.conftest import REDIRECT_URI, RelyingParty, fields_of, make_user
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import make_group

pytestmark = pytest.mark.requirement("V13")
POLICIES = "identity/conditionalAccess/policies"
OFFICE, ELSEWHERE = "192.0.2.10", "198.51.100.7"
OTHER_APPLICATION = uuid.UUID("10000000-0000-4000-8000-00000000000b")
CONTROL = uuid.UUID("10000000-0000-4000-8000-0000000000cc")
PASSWORD, APP, CONTROL_PASSED = Method.PASSWORD, Method.AUTHENTICATOR_APP, Method.CUSTOM_CONTROL
REPORTED = {
    "success": "reportOnlySuccess",
    "failure": "reportOnlyFailure",
    "notApplied": "reportOnlyNotApplied",
    "interrupted": "reportOnlyInterrupted",
    "not weighed": "not weighed",
}
DEMANDS = {
    "mfa": {"operator": "OR", "builtInControls": ["mfa"]},
    "block": {"operator": "OR", "builtInControls": ["block"]},
    "control": {"operator": "OR", "builtInControls": [], "customAuthenticationFactors": [str(CONTROL)]},
}


@dataclass(frozen=True)
class Case:
    """One sign-in, and what each policy comes to in it."""

    who: str
    proven: tuple[Method, ...]
    mfa: str
    block: str
    control: str
    ip: str = ELSEWHERE
    application: str = "usual"
    prompt: str | None = None


CASES = {
    "a covered user who has a method": Case("john", (PASSWORD,), "interrupted", "failure", "interrupted"),
    "who has verified": Case("john", (PASSWORD, APP), "success", "failure", "interrupted"),
    "who passed the custom control": Case("john", (PASSWORD, CONTROL_PASSED), "interrupted", "failure", "success"),
    "who has nothing registered": Case("joan", (PASSWORD,), "interrupted", "failure", "interrupted"),
    "an excluded user": Case("nina", (PASSWORD,), "notApplied", "notApplied", "notApplied"),
    "a member of an excluded group": Case("omar", (PASSWORD,), "notApplied", "notApplied", "notApplied"),
    "an account for emergencies": Case("glass", (PASSWORD,), "not weighed", "not weighed", "not weighed"),
    "a guest": Case("guest", (PASSWORD,), "interrupted", "failure", "interrupted"),
    "a guest who verified at home": Case("guest", (PASSWORD, APP), "interrupted", "failure", "interrupted"),
    "a guest whose home allows no method": Case("bare", (PASSWORD,), "failure", "failure", "interrupted"),
    "another application": Case("john", (PASSWORD,), "notApplied", "notApplied", "notApplied", application="other"),
    "an excluded network": Case("john", (PASSWORD,), "notApplied", "notApplied", "notApplied", ip=OFFICE),
    "without a page": Case("john", (PASSWORD,), "interrupted", "failure", "interrupted", prompt="none"),
}


@dataclass
class Scene:
    parties: dict[str, RelyingParty]
    people: dict[str, User]
    graph: Graph
    prove: Callable[..., None]

    def log(self) -> list[dict[str, Any]]:
        return self.graph.values("auditLogs/signIns")

    def sign_in(self, case: Case) -> tuple[str, str]:
        """Make the sign-in in a browser of its own; what happened, and what the log says of the policy."""
        browser = Client(REMOTE_ADDR=case.ip)
        for method in case.proven:
            where = {"device_id": str(CONTROL)} if method is CONTROL_PASSED else {}
            self.prove(browser, self.people[case.who], method, **where)
        before = {row["id"] for row in self.log()}
        response = replace(self.parties[case.application], browser=browser).authorize(prompt=case.prompt)
        added = [row for row in self.log() if row["id"] not in before]
        if response.status_code == 303 and response["Location"].startswith("/signin/"):
            assert added == []  # nothing is answered yet: the person is at a page
            return "interrupted", ""
        (row,) = added
        policies = [one["result"] for one in row["appliedConditionalAccessPolicies"]]
        assert len(policies) <= 1
        logged = policies[0] if policies else "not weighed"
        answered = fields_of(response)
        if "code" in answered:
            return logged, logged
        # An application that wanted no page is told that one is needed.
        return ("interrupted" if answered["error"] == "interaction_required" else logged), logged


@pytest.fixture
def scene(
    graph: Graph, rp: RelyingParty, john: User, alejandra: User, fabrikam: Tenant, sign_in: Callable[..., None]
) -> Scene:
    bare_home = Tenant.objects.create(display_name="Proseware")
    bare_home.domains.create(name="proseware.example", is_default=True)
    set_allowed_methods(tenant=bare_home, kinds=[], actor="test")
    people = {
        "john": john,
        "joan": make_user(fabrikam, "joan"),
        "nina": make_user(fabrikam, "nina"),
        "omar": make_user(fabrikam, "omar"),
        "glass": make_user(fabrikam, "glass", account_class=AccountClass.BREAK_GLASS),
        "guest": alejandra,
        "bare": make_user(bare_home, "bare"),
    }
    for name in ("john", "guest"):
        AuthenticatorApp.objects.create(account=people[name], name="Phone", confirmed=True)
    for name in ("guest", "bare"):
        make_user(fabrikam, f"{name}#ext#", user_type=UserType.GUEST, home_account=people[name])
    other = register_application(
        client_id=OTHER_APPLICATION,
        tenant=fabrikam,
        name="Other",
        redirect_uris=[REDIRECT_URI],
        secret="another-long-random-secret",
        preauthorized=True,
    )
    CustomControl.objects.create(
        id=CONTROL, tenant=fabrikam, name="C", url="https://c.example", issuer="c", certificate="PEM"
    )
    return Scene({"usual": rp, "other": replace(rp, application=other)}, people, graph, sign_in)


def conditions(scene: Scene, grace: User) -> dict[str, Any]:
    """Everybody but a user, a group and the administrator, at one application, outside the office."""
    fabrikam = grace.tenant
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], actor="test")
    left_out = make_group(fabrikam, "Left out", scene.people["omar"])
    return {
        "clientAppTypes": ["all"],
        "applications": {"includeApplications": [str(scene.parties["usual"].application.pk)]},
        "users": {
            "includeUsers": ["All"],
            "excludeUsers": [str(scene.people["nina"].pk), str(grace.pk)],
            "excludeGroups": [str(left_out.pk)],
        },
        "locations": {"includeLocations": ["All"], "excludeLocations": [str(office.pk)]},
    }


@pytest.mark.parametrize("demand", ["mfa", "block", "control"])
def test_each_sign_in_comes_to_what_report_only_said_of_it(scene: Scene, grace: User, demand: str) -> None:
    expected = {name: getattr(case, demand) for name, case in CASES.items()}
    made = scene.graph(
        "POST",
        POLICIES,
        {
            "displayName": "Weighed",
            "state": "enabledForReportingButNotEnforced",
            "conditions": conditions(scene, grace),
            "grantControls": DEMANDS[demand],
        },
    )
    assert made.status_code == 201, made.content
    reported = {}
    for name, case in CASES.items():
        happened, reported[name] = scene.sign_in(case)
        assert happened == reported[name], f"{name}: nothing is demanded yet"
    assert reported == {name: REPORTED[result] for name, result in expected.items()}

    switched = scene.graph("PATCH", f"{POLICIES}/{made.json()['id']}", {"state": "enabled"})
    assert switched.status_code == 204, switched.content
    happened_then = {name: scene.sign_in(case)[0] for name, case in CASES.items()}
    assert happened_then == expected
    assert {name: REPORTED[result] for name, result in happened_then.items()} == reported
