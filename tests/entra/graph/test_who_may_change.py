"""Every change of the directory: refused without a token, without its permission, without the role."""

from collections.abc import Callable
from typing import Any

import pytest

from activity.models import AuditRecord
from entra.apps.permissions import GraphPermission
from entra.directory.methods.one_time_codes import new_seed
from entra.directory.models import AuthenticatorApp, User
from entra.signin.method import Method
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import VERIFIED, Graph
from tests.entra.graph.directory import BILLING_ADMINISTRATOR, code, make_group, reference

ROLE = f"directoryRoles(roleTemplateId='{BILLING_ADMINISTRATOR}')"
METHODS = "users/{user}/authentication"
# method, path, body, and the permissions of which one is needed
CHANGES: list[tuple[str, str, Any, str]] = [
    ("PATCH", "users/{user}", {"displayName": "X"}, "User.ReadWrite.All Directory.AccessAsUser.All"),
    (
        "POST",
        "users/{user}/revokeSignInSessions",
        None,
        "User.RevokeSessions.All User.ReadWrite.All Directory.AccessAsUser.All",
    ),
    (
        "POST",
        "groups/{group}/members/$ref",
        "reference",
        "GroupMember.ReadWrite.All Directory.AccessAsUser.All",
    ),
    (
        "DELETE",
        "groups/{group}/members/{member}/$ref",
        None,
        "GroupMember.ReadWrite.All Directory.AccessAsUser.All",
    ),
    ("POST", f"{ROLE}/members/$ref", "reference", "RoleManagement.ReadWrite.Directory Directory.AccessAsUser.All"),
    (
        "DELETE",
        f"{ROLE}/members/{{member}}/$ref",
        None,
        "RoleManagement.ReadWrite.Directory Directory.AccessAsUser.All",
    ),
    ("POST", f"{METHODS}/temporaryAccessPassMethods", {}, "UserAuthenticationMethod.ReadWrite.All"),
    ("DELETE", f"{METHODS}/softwareOathMethods/{{app}}", None, "UserAuthenticationMethod.ReadWrite.All"),
    (
        "PATCH",
        f"beta/{METHODS}/requirements",
        {"perUserMfaState": "enforced"},
        "Policy.ReadWrite.AuthenticationMethod",
    ),
]


@pytest.fixture
def change(john: User) -> Callable[..., Any]:
    """`change(graph, row)`: try one change of John, or of a group and a role that Mary is in."""
    mary = make_user(john.tenant, "mary")
    mary.role_assignments.create(role=BILLING_ADMINISTRATOR)
    group = make_group(john.tenant, "SalesAgents", mary)
    app = AuthenticatorApp.objects.create(account=john, name="Phone", seed_sealed=new_seed(), confirmed=True)

    def act(graph: Graph, row: tuple[str, str, Any, str]) -> Any:
        method, path, body, _permissions = row
        body = reference(john) if body == "reference" else body
        return graph(method, path.format(user=john.pk, group=group.pk, member=mary.pk, app=app.pk), body)

    return act


def unchanged() -> bool:
    return not AuditRecord.objects.exists()


def test_without_a_token_nothing_is_changed(change: Callable[..., Any], graph: Graph) -> None:
    answers = {code(change(Graph(graph.client, token), row)) for row in CHANGES for token in ("", "nonsense")}
    assert answers == {(401, "InvalidAuthenticationToken")}
    assert unchanged()


def test_each_change_needs_one_of_its_permissions(
    change: Callable[..., Any], graph_as: Callable[..., Graph], grace: User
) -> None:
    every = {permission.value for permission in GraphPermission}
    for row in CHANGES:
        others = graph_as(grace, *VERIFIED, scope=" ".join(every - set(row[3].split())))
        assert code(change(others, row)) == (403, "Authorization_RequestDenied"), row
    assert unchanged()


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: f"{row[0]} {row[1]}")
def test_one_permission_is_enough(
    row: tuple[str, str, Any, str], change: Callable[..., Any], graph_as: Callable[..., Graph], grace: User
) -> None:
    little = graph_as(grace, *VERIFIED, scope=row[3].split()[0])
    assert change(little, row).status_code in {200, 201, 204}


def test_the_signed_in_users_own_roles_limit_what_the_application_does(
    change: Callable[..., Any], graph_as: Callable[..., Graph], john: User
) -> None:
    john.role_assignments.create(role=BILLING_ADMINISTRATOR)
    billing = graph_as(john, *VERIFIED)
    answers = {code(change(billing, row)) for row in CHANGES}
    assert answers == {(403, "Authorization_RequestDenied")}
    assert unchanged()


def test_an_administrator_of_another_tenant_finds_nothing(
    change: Callable[..., Any], graph_as: Callable[..., Graph], alejandra: User
) -> None:
    alejandra.role_assignments.create(role="62e90394-69f5-4237-9190-012177145e10")
    theirs = graph_as(alejandra, *VERIFIED)
    answers = {code(change(theirs, row)) for row in CHANGES}
    assert answers == {(404, "Request_ResourceNotFound")}
    assert unchanged()


@pytest.mark.requirement("M8")
def test_nothing_is_changed_on_a_known_password_alone(
    change: Callable[..., Any], graph_as: Callable[..., Graph], grace: User
) -> None:
    known_password = graph_as(grace, Method.PASSWORD)
    assert {code(change(known_password, row)) for row in CHANGES} == {(403, "Unauthorized_MissingMFA")}
    assert unchanged()
