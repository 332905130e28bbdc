"""How often a directory is called while it is read, and what becomes of its refusals and failures (Q2, Q9)."""

import logging
from typing import Any

import pytest

from accounts.enforcement import Obstacle, Option
from msgraph.client import GraphRefused, GraphUnavailable
from tests.portal.security.tenant import FakeTenant, outcomes, read

pytestmark = pytest.mark.requirement("Q9")
CA, FEDERATION, PER_USER = Option.CONDITIONAL_ACCESS, Option.FEDERATION, Option.PER_USER
WITHOUT = Obstacle.FEDERATED_WITHOUT_PROOF
ADMIN = "62e90394-69f5-4237-9190-012177145e10"


@pytest.mark.parametrize(
    ("kept_back", "others"),
    [
        ("conditionalAccess/policies", {"bob": Obstacle.NOTHING}),
        ("authentication/requirements", {"ann": Obstacle.NOTHING}),
        ("/domains$", {"eva": Obstacle.NOTHING}),
        ("federationConfiguration", {"eva": Obstacle.NOTHING}),
        ("signIns", {"eva": WITHOUT}),
        ("userRegistrationDetails", {}),
    ],
)
def test_what_the_directory_keeps_back_never_counts_and_is_logged(
    tenant: FakeTenant, caplog: pytest.LogCaptureFixture, kept_back: str, others: dict[str, Any]
) -> None:
    tenant.per_user = {tenant.add(1, "ann"): "enabled"}
    tenant.add_policy("P", users={"includeUsers": [tenant.add(2, "bob")]})
    tenant.federations = {"wingtip.example": "enforceMfaByFederatedIdp"}
    tenant.signed_in(tenant.add(3, "eva", userPrincipalName="eva@wingtip.example"), proven=True)
    assert outcomes(tenant) == {"ann": PER_USER, "bob": CA, "eva": FEDERATION}
    tenant.refused = {kept_back: (403, "Authorization_RequestDenied")}
    with caplog.at_level(logging.WARNING):
        assert outcomes(tenant) == {"ann": PER_USER, "bob": CA, "eva": FEDERATION} | others
    assert "Authorization_RequestDenied" in caplog.text


def test_a_directory_that_tells_of_nobodys_per_user_mfa_is_asked_once(tenant: FakeTenant) -> None:
    for number in range(50):
        tenant.add(number, f"person{number}")
    tenant.refused = {"authentication/requirements": (403, "Authorization_RequestDenied")}
    read(tenant)
    assert tenant.paths().count("/beta/$batch") == 1


def test_somebody_deleted_while_it_is_read_keeps_nobody_else_from_being_asked_about(tenant: FakeTenant) -> None:
    ids = [tenant.add(number, f"person{number}") for number in range(30)]
    tenant.per_user = {ids[29]: "enforced"}
    tenant.refused = {f"{ids[3]}/authentication": (404, "Request_ResourceNotFound")}
    assert outcomes(tenant)["person29"] is PER_USER


@pytest.mark.parametrize("needed", ["SecurityDefaults", "/users$", "transitiveMembers", "directoryRoles"])
def test_without_what_decides_there_is_no_answer(tenant: FakeTenant, needed: str) -> None:
    tenant.add(1, "ann")
    tenant.groups = {"g": set()}
    tenant.roles = {ADMIN: set()}
    tenant.add_policy("P", users={"includeUsers": ["All"], "excludeGroups": ["g"], "excludeRoles": [ADMIN]})
    tenant.refused = {needed: (403, "Authorization_RequestDenied")}
    with pytest.raises(GraphRefused, match="403 Authorization_RequestDenied"):
        read(tenant)


@pytest.mark.parametrize("failing", ["/domains$", "signIns", "authentication/requirements", "policies", "/users$"])
def test_a_directory_that_fails_gives_no_answer(tenant: FakeTenant, failing: str) -> None:
    tenant.federations = {"wingtip.example": None}
    tenant.add(1, "eva", userPrincipalName="eva@wingtip.example")
    tenant.refused = {failing: (503, "")}
    with pytest.raises(GraphUnavailable):
        read(tenant)


ONCE = [
    "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
    "/v1.0/identity/conditionalAccess/policies",
    "/v1.0/domains",
]
GROUP = "/v1.0/groups/g/transitiveMembers/microsoft.graph.user"
REPORT = "/v1.0/reports/authenticationMethods/userRegistrationDetails"


@pytest.mark.parametrize(("people", "pages"), [(3, 1), (9, 3)])
def test_under_a_policy_there_is_a_call_for_each_page_and_none_for_an_account(
    tenant: FakeTenant, people: int, pages: int
) -> None:
    tenant.largest_page = 3
    tenant.groups = {"g": {tenant.add(number, f"person{number}") for number in range(people)}}
    tenant.add_policy("P", users={"includeGroups": ["g"]})
    tenant.add_policy("Q", users={"includeUsers": ["All"], "excludeGroups": ["g"]})
    read(tenant)
    assert tenant.paths() == [*ONCE, *[GROUP] * pages, *[REPORT] * pages, *["/v1.0/users"] * pages]


@pytest.mark.parametrize(("people", "pages"), [(20, 1), (60, 3)])
def test_without_a_policy_per_user_mfa_is_asked_twenty_at_a_time(tenant: FakeTenant, people: int, pages: int) -> None:
    tenant.largest_page = 20
    for number in range(people):
        tenant.add(number, f"person{number}")
    read(tenant)
    assert tenant.paths() == [*ONCE, *[REPORT] * pages, *["/v1.0/users"] * pages, *["/beta/$batch"] * pages]
    assert len(tenant.batched) == people


def test_nobody_is_asked_about_a_disabled_account(tenant: FakeTenant) -> None:
    tenant.add(1, "ann", accountEnabled=False)
    assert outcomes(tenant) == {"ann": Obstacle.NOTHING}
    assert tenant.batched == []
