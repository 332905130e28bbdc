"""What the security requirements status reads as an application by itself (Q9): each call, with one permission each."""

from collections.abc import Callable
from typing import Any

import pytest

from entra.directory.models import DirectoryRole, Tenant, User
from entra.federation.administration import Provider, federate_domain
from entra.federation.models import MfaBehavior
from secretstore.certificates import create_certificate
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import code, make_group

By = Callable[..., Graph]


@pytest.fixture
def group(fabrikam: Tenant, john: User) -> Any:
    outer, inner = make_group(fabrikam, "AdminAgents"), make_group(fabrikam, "Tier 1", john)
    outer.nested.add(inner)
    john.role_assignments.create(role=DirectoryRole.BILLING_ADMINISTRATOR)
    return outer


@pytest.fixture
def federated(fabrikam: Tenant) -> None:
    federate_domain(
        domain=fabrikam.domains.get(),
        provider=Provider("urn:idp", "https://idp.example/sso", create_certificate(common_name="idp").certificate_pem),
        mfa_behavior=MfaBehavior.ENFORCE,
        signed_requests=False,
        actor="test",
    )


REQUIREMENTS = "beta/users/john@fabrikam.example/authentication/requirements"
REGISTRATIONS = "reports/authenticationMethods/userRegistrationDetails"
FEDERATION = "domains/fabrikam.example/federationConfiguration"
READS = [
    (REQUIREMENTS, "Policy.Read.All"),
    ("identity/conditionalAccess/policies", "Policy.Read.All"),
    ("identity/conditionalAccess/namedLocations", "Policy.Read.All"),
    ("policies/identitySecurityDefaultsEnforcementPolicy", "Policy.Read.All"),
    ("policies/authenticationMethodsPolicy", "Policy.Read.All"),
    ("domains", "Domain.Read.All"),
    (FEDERATION, "Domain.Read.All"),
    (REGISTRATIONS, "AuditLog.Read.All"),
    (REGISTRATIONS, "Reports.Read.All"),
    ("auditLogs/signIns", "AuditLog.Read.All"),
    ("ours/receivedAnswers", "AuditLog.Read.All"),
    ("users", "User.Read.All"),
    ("groups", "Group.Read.All"),
    ("groups", "GroupMember.Read.All"),
    ("groups/{group}/transitiveMembers", "Group.Read.All"),
    ("groups/{group}/transitiveMembers", "GroupMember.Read.All"),
    ("users/john@fabrikam.example/transitiveMemberOf", "User.Read.All"),
    ("users/john@fabrikam.example/transitiveMemberOf", "GroupMember.Read.All"),
    ("directoryRoles", "RoleManagement.Read.Directory"),
    (
        f"directoryRoles(roleTemplateId='{DirectoryRole.BILLING_ADMINISTRATOR}')/members",
        "RoleManagement.Read.Directory",
    ),
    ("servicePrincipals", "Application.Read.All"),
]


@pytest.mark.requirement("Q9")
@pytest.mark.parametrize(("path", "permission"), READS)
def test_one_permission_is_enough(by_itself: By, group: Any, federated: None, path: str, permission: str) -> None:
    assert by_itself(permission).get(path.format(group=group.pk)).status_code == 200


@pytest.mark.requirement("Q9")
@pytest.mark.parametrize("path", sorted({path for path, _permission in READS}))
def test_with_another_permission_it_is_refused_and_the_one_needed_is_named(
    by_itself: By, group: Any, federated: None, path: str
) -> None:
    refused = by_itself("User.RevokeSessions.All").get(path.format(group=group.pk))
    assert code(refused) == (403, "Authorization_RequestDenied")
    needed = {permission for known, permission in READS if known == path}
    assert all(permission in refused.json()["error"]["message"] for permission in needed)


def test_a_permission_to_read_changes_nothing(by_itself: By, group: Any, john: User) -> None:
    graph = by_itself("GroupMember.Read.All", "User.Read.All", "Application.Read.All", "Domain.Read.All")
    assert graph("DELETE", f"groups/{group.pk}/members/{john.pk}/$ref").status_code == 403
    assert graph("PATCH", f"users/{john.pk}", {"displayName": "X"}).status_code == 403
    assert graph("PATCH", FEDERATION, {"signOutUri": None}).status_code == 403


@pytest.mark.requirement("Q9")
def test_per_user_mfa_of_twenty_people_is_one_call(by_itself: By, fabrikam: Tenant) -> None:
    people = [make_user(fabrikam, f"user{number:02}") for number in range(20)]
    asked = [
        {"id": str(person.pk), "method": "GET", "url": f"/users/{person.pk}/authentication/requirements"}
        for person in people
    ]
    answer = by_itself("Policy.Read.All")("POST", "beta/$batch", {"requests": asked}).json()
    assert [row["body"]["perUserMfaState"] for row in answer["responses"]] == ["disabled"] * 20


def test_the_federation_says_what_is_believed_of_mfa(by_itself: By, federated: None) -> None:
    (row,) = by_itself("Domain.Read.All").values(FEDERATION)
    assert row["federatedIdpMfaBehavior"] == "enforceMfaByFederatedIdp"


def test_who_is_in_a_group_inside_is_in_the_group(by_itself: By, group: Any, john: User) -> None:
    graph = by_itself("GroupMember.Read.All")
    assert str(john.pk) in [row["id"] for row in graph.values(f"groups/{group.pk}/transitiveMembers")]
    names = [row["displayName"] for row in graph.values(f"users/{john.pk}/transitiveMemberOf")]
    assert names == ["AdminAgents", "Tier 1", "Billing Administrator"]
