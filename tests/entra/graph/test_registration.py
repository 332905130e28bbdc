"""The registration report: who could verify, with what."""

from collections.abc import Callable
from typing import Any

import pytest

from entra.directory.methods import MethodKind
from entra.directory.models import AuthenticatorApp, SecurityKey, Tenant, User
from entra.policy.administration import set_allowed_methods
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import Graph

REPORT = "reports/authenticationMethods/userRegistrationDetails"


@pytest.fixture
def app(john: User) -> AuthenticatorApp:
    return AuthenticatorApp.objects.create(account=john, name="App", seed_sealed="x", confirmed=True)


def names(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(row["userPrincipalName"].partition("@")[0] for row in rows)


def test_a_registered_user(graph: Graph, john: User, app: AuthenticatorApp) -> None:
    row = graph.get(f"{REPORT}/{john.pk}").json()
    assert row.pop("lastUpdatedDateTime")
    assert row == {
        "id": str(john.pk),
        "userPrincipalName": "john@fabrikam.example",
        "userDisplayName": "John Example",
        "userType": "member",
        "isAdmin": False,
        "isMfaRegistered": True,
        "isMfaCapable": True,
        "methodsRegistered": ["softwareOneTimePasscode"],
        "defaultMfaMethod": "softwareOneTimePasscode",
    }


def test_an_unconfirmed_method_is_none(graph: Graph, john: User) -> None:
    AuthenticatorApp.objects.create(account=john, name="App", seed_sealed="x")
    row = graph.get(f"{REPORT}/{john.pk}").json()
    assert (row["isMfaRegistered"], row["methodsRegistered"], row["defaultMfaMethod"]) == (False, [], "none")


def test_a_method_that_is_no_longer_allowed_is_of_no_use(graph: Graph, john: User, app: AuthenticatorApp) -> None:
    set_allowed_methods(tenant=john.tenant, kinds=[MethodKind.SECURITY_KEY], actor="test")
    row = graph.get(f"{REPORT}/{john.pk}").json()
    assert (row["isMfaRegistered"], row["isMfaCapable"]) == (True, False)


def test_a_guest_has_the_methods_of_the_home_account(graph: Graph, john: User, alejandra: User) -> None:
    guest = make_user(john.tenant, "visitor", user_type="Guest", home_account=alejandra)
    SecurityKey.objects.create(account=alejandra, name="Key", credential_id="k", public_key=b"")
    row = graph.get(f"{REPORT}/{guest.pk}").json()
    assert (row["userType"], row["methodsRegistered"]) == ("guest", ["fido2SecurityKey"])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("isMfaRegistered eq true", ["john"]),
        ("isMfaRegistered eq false", ["grace"]),
        ("isAdmin eq true", ["grace"]),
        ("userType eq 'guest'", []),
        ("userType eq 'member' and isAdmin eq false", ["john"]),
    ],
)
def test_filters(graph: Graph, app: AuthenticatorApp, condition: str, expected: list[str]) -> None:
    assert names(graph.values(REPORT, **{"$filter": condition})) == expected


def test_users_are_picked_by_id(graph: Graph, john: User, grace: User) -> None:
    assert names(graph.values(REPORT, **{"$filter": f"id in ('{john.pk}')"})) == ["john"]


def test_users_add_no_queries(
    graph: Graph, fabrikam: Tenant, app: AuthenticatorApp, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_user(fabrikam, f"user{number}")
    with django_assert_max_num_queries(9):
        assert len(graph.get(REPORT).json()["value"]) == 32


def test_another_tenants_user_is_not_found(graph: Graph, alejandra: User) -> None:
    assert graph.get(f"{REPORT}/{alejandra.pk}").status_code == 404


def test_the_report_needs_its_permission_and_role(graph_as: Callable[..., Graph], grace: User, john: User) -> None:
    assert graph_as(grace, scope="User.Read.All").get(REPORT).status_code == 403
    assert graph_as(grace, scope="Reports.Read.All").get(REPORT).status_code == 200
    assert graph_as(john).get(REPORT).status_code == 403
    assert Graph(graph_as(grace).client, "").get(REPORT).status_code == 401


def test_what_is_not_understood_is_refused(graph: Graph) -> None:
    assert graph.get(REPORT, **{"$filter": "isMfaCapable eq true"}).status_code == 400
