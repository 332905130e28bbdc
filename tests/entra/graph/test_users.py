"""Reading users: who may, what is seen, and the query options."""

from collections.abc import Callable

import pytest

from entra.directory.models import Tenant, User, UserType
from entra.oauth.grants import revoke
from entra.oauth.models import Grant
from tests.entra.conftest import RelyingParty, make_user
from tests.entra.graph.conftest import Graph


@pytest.fixture
def thirty(fabrikam: Tenant) -> list[User]:
    return [make_user(fabrikam, f"user{number:02}") for number in range(30)]


def names(rows: list[dict[str, str]]) -> list[str]:
    return sorted(row["displayName"] for row in rows)


def test_users_of_the_own_tenant_are_listed(graph: Graph, john: User, alejandra: User) -> None:
    assert names(graph.values("users")) == ["Grace Example", "John Example"]


def test_a_user_is_read_by_id_and_by_name_and_another_tenants_is_not_found(
    graph: Graph, john: User, alejandra: User
) -> None:
    assert graph.get(f"users/{john.pk}").json()["userPrincipalName"] == "john@fabrikam.example"
    assert graph.get("users/John@fabrikam.example").json()["id"] == str(john.pk)
    refused = graph.get(f"users/{alejandra.pk}")
    assert refused.status_code == 404
    assert refused.json()["error"]["code"] == "Request_ResourceNotFound"


def test_pages_continue_by_key_and_tell_the_count(graph: Graph, thirty: list[User]) -> None:
    first = graph.get("users", **{"$top": "7", "$count": "true"}).json()
    assert (len(first["value"]), first["@odata.count"]) == (7, 32)
    everybody = graph.values("users", **{"$top": "7", "$orderby": "displayName desc"})
    assert [row["displayName"] for row in everybody] == sorted(
        ["Grace Example", "John Example", *(user.display_name for user in thirty)], reverse=True
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("displayName eq 'john example'", ["John Example"]),
        ("startswith(displayName,'jo')", ["John Example"]),
        ("displayName ne 'John Example'", ["Grace Example"]),
        ("startswith(displayName,'jo') or startswith(userPrincipalName,'gra')", ["Grace Example", "John Example"]),
        ("accountEnabled eq true and not (displayName eq 'John Example')", ["Grace Example"]),
        ("userType eq 'Guest'", []),
        ("employeeType eq 'person'", ["Grace Example", "John Example"]),
        ("employeeType eq 'nonsense'", []),
        ("displayName in ('John Example', 'x')", ["John Example"]),
        ("displayName eq 'it''s'", []),
    ],
)
def test_filters(graph: Graph, john: User, condition: str, expected: list[str]) -> None:
    assert names(graph.values("users", **{"$filter": condition})) == expected


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("$filter", "password eq 'x'"),
        ("$filter", "displayName eq"),
        ("$filter", "displayName eq 'x"),
        ("$filter", "accountEnabled eq 'true'"),
        ("$filter", "displayName like 'x'"),
        ("$filter", "(" * 60 + "displayName eq 'x'" + ")" * 60),
        ("$select", "password"),
        ("$orderby", "mail; drop"),
        ("$top", "0"),
        ("$top", "1000"),
        ("$skiptoken", "abc"),
        ("$search", "x"),
    ],
)
def test_what_is_not_understood_is_refused(graph: Graph, option: str, value: str) -> None:
    response = graph.get("users", **{option: value})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "Request_BadRequest"


def test_select_gives_only_these_properties(graph: Graph, john: User) -> None:
    answer = graph.get(f"users/{john.pk}", **{"$select": "id,displayName"}).json()
    assert answer == {"id": str(john.pk), "displayName": "John Example"}


def test_a_permission_is_needed(graph_as: Callable[..., Graph], john: User) -> None:
    little = graph_as(john, scope="User.Read")
    assert little.get("me").json()["id"] == str(john.pk)
    refused = little.get("users")
    assert refused.status_code == 403
    assert "User.Read.All" in refused.json()["error"]["message"]


def test_a_guest_sees_itself_only(
    graph_as: Callable[..., Graph], alejandra: User, john: User, rp: RelyingParty
) -> None:
    guest = make_user(john.tenant, "visitor", user_type=UserType.GUEST, home_account=alejandra)
    browser = graph_as(alejandra)  # a token for her own tenant, which is not Fabrikam
    assert names(browser.values("users")) == ["Alejandra Example"]
    Grant.objects.update(account=guest, tenant=guest.tenant)
    # The same grant moved to the guest account would be another issuer's: refused.
    assert browser.get("users").status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "e30.e30.e30"])
def test_without_a_valid_token_nothing_is_answered(graph: Graph, token: str) -> None:
    refused = Graph(graph.client, token).get("users")
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "InvalidAuthenticationToken"


def test_an_id_token_is_no_access_token(
    rp: RelyingParty, graph: Graph, john: User, sign_in: Callable[..., None]
) -> None:
    sign_in(rp.browser, john)
    assert Graph(graph.client, rp.tokens()["id_token"]).get("users").status_code == 401


def test_a_revoked_grant_and_a_disabled_account_are_refused_at_once(graph: Graph, grace: User) -> None:
    assert graph.get("me").status_code == 200
    grace.account_enabled = False
    grace.save()
    assert graph.get("me").status_code == 401
    grace.account_enabled = True
    grace.save()
    revoke(Grant.objects.get(account=grace))
    assert graph.get("me").status_code == 401


def test_other_methods_are_not_allowed(graph: Graph) -> None:
    response = graph("DELETE", "users")
    assert response.status_code == 405
    assert response["Allow"] == "GET"


def test_the_language_last_used_is_the_preferred_one(graph: Graph, john: User) -> None:
    assert graph.get(f"users/{john.pk}").json()["preferredLanguage"] is None
    User.objects.filter(pk=john.pk).update(language="ja")
    assert graph.get(f"users/{john.pk}", **{"$select": "preferredLanguage"}).json()["preferredLanguage"] == "ja"


@pytest.mark.parametrize("top", ["0", "1000", "0000019999", "000001" + "9" * 30, "-1", "²"])
def test_a_page_is_never_longer_than_the_limit(graph: Graph, top: str) -> None:
    assert graph.get("users", **{"$top": top}).status_code == 400
