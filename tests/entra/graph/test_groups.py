"""Groups: reading, members directly and through nesting, owners, and who may change the members (M8, M21)."""

from collections.abc import Callable
from typing import Any

import pytest

from entra.directory.models import Group, Tenant, User
from entra.directory.services import group_ids
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import VERIFIED, Graph
from tests.entra.graph.directory import audited, code, make_group, reference


@pytest.fixture
def agents(john: User) -> Group:
    """John is an Admin agent of Fabrikam."""
    group = make_group(john.tenant, "AdminAgents", john)
    group.owned_by = group
    group.save()
    return group


@pytest.fixture
def helpdesk(agents: Group) -> Group:
    return make_group(agents.tenant, "HelpdeskAgents", owned_by=agents)


@pytest.fixture
def tier1(helpdesk: Group) -> Group:
    """A group inside HelpdeskAgents, owned by nobody, with Hiro in it."""
    tier1 = make_group(helpdesk.tenant, "Tier 1 support", make_user(helpdesk.tenant, "hiro"))
    helpdesk.nested.add(tier1)
    return tier1


def names(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["@odata.type"].rpartition(".")[2], row["displayName"]) for row in rows]


def test_groups_of_the_own_tenant_are_listed_and_read(graph: Graph, helpdesk: Group, contoso: Tenant) -> None:
    other = make_group(contoso, "AdminAgents")
    rows = graph.values("groups", **{"$orderby": "displayName"})
    assert [row["displayName"] for row in rows] == ["AdminAgents", "HelpdeskAgents"]
    assert graph.values("groups", **{"$filter": "displayName eq 'HelpdeskAgents'", "$select": "id"}) == [
        {"id": str(helpdesk.pk)}
    ]
    assert graph.get(f"groups/{helpdesk.pk}").json() == {
        "id": str(helpdesk.pk),
        "displayName": "HelpdeskAgents",
        "securityEnabled": True,
        "mailEnabled": False,
        "groupTypes": [],
    }
    for name in (str(other.pk), "nonsense"):
        assert code(graph.get(f"groups/{name}")) == (404, "Request_ResourceNotFound")
        assert graph.get(f"groups/{name}/members").status_code == 404


def test_members_are_users_and_groups_with_their_types(graph: Graph, helpdesk: Group, tier1: Group, john: User) -> None:
    helpdesk.members.add(john)
    assert names(graph.values(f"groups/{helpdesk.pk}/members")) == [
        ("user", "John Example"),
        ("group", "Tier 1 support"),
    ]
    everybody = graph.get(f"groups/{helpdesk.pk}/transitiveMembers", **{"$count": "true"}).json()
    assert everybody["@odata.count"] == 3
    assert sorted(names(everybody["value"])) == [
        ("group", "Tier 1 support"),
        ("user", "Hiro Example"),
        ("user", "John Example"),
    ]


def test_members_of_one_type_are_filtered_and_counted(graph: Graph, helpdesk: Group, tier1: Group, john: User) -> None:
    helpdesk.members.add(john)
    path = f"groups/{helpdesk.pk}/transitiveMembers/microsoft.graph.user"
    page = graph.get(path, **{"$count": "true", "$filter": "startswith(displayName,'hi')"}).json()
    assert (page["@odata.count"], [row["displayName"] for row in page["value"]]) == (1, ["Hiro Example"])
    inside = graph.values(f"groups/{helpdesk.pk}/members/microsoft.graph.group")
    assert [row["displayName"] for row in inside] == ["Tier 1 support"]
    assert [row["displayName"] for row in graph.values(f"groups/{helpdesk.pk}/members/microsoft.graph.user")] == [
        "John Example"
    ]
    filtered = graph.values(f"groups/{helpdesk.pk}/members", **{"$filter": "accountEnabled eq true"})
    assert names(filtered) == [("user", "John Example")]


def test_members_come_page_by_page_and_groups_on_the_last(graph: Graph, helpdesk: Group, tier1: Group) -> None:
    helpdesk.members.add(*(make_user(helpdesk.tenant, f"user{number}") for number in range(5)))
    first = graph.get(f"groups/{helpdesk.pk}/members", **{"$top": "3"}).json()
    assert [row["@odata.type"] for row in first["value"]] == ["#microsoft.graph.user"] * 3
    assert len(graph.values(f"groups/{helpdesk.pk}/members", **{"$top": "3"})) == 6


def test_more_members_need_no_more_queries(
    graph: Graph, helpdesk: Group, tier1: Group, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    helpdesk.members.add(*(make_user(helpdesk.tenant, f"user{number}") for number in range(40)))
    with django_assert_max_num_queries(9):
        assert len(graph.get(f"groups/{helpdesk.pk}/members").json()["value"]) == 41


@pytest.mark.requirement("M8")
def test_the_owners_of_an_agent_group_are_the_admin_agents(graph: Graph, helpdesk: Group, tier1: Group) -> None:
    assert names(graph.values(f"groups/{helpdesk.pk}/owners")) == [("user", "John Example")]
    assert graph.values(f"groups/{tier1.pk}/owners") == []


def test_a_global_administrator_adds_and_removes_members(
    graph: Graph, grace: User, helpdesk: Group, john: User
) -> None:
    assert graph("POST", f"groups/{helpdesk.pk}/members/$ref", reference(john)).status_code == 204
    assert helpdesk.pk in group_ids(john)
    detail = {"group": "HelpdeskAgents", "member": str(john.pk), "name": "john@fabrikam.example"}
    assert audited("group.memberAdded") == [(str(grace.pk), str(helpdesk.pk), detail)]
    twice = graph("POST", f"groups/{helpdesk.pk}/members/$ref", reference(john))
    assert code(twice) == (400, "ObjectReferenceAlreadyExists")
    assert graph("DELETE", f"groups/{helpdesk.pk}/members/{john.pk}/$ref").status_code == 204
    assert audited("group.memberRemoved") == [(str(grace.pk), str(helpdesk.pk), detail)]
    assert code(graph("DELETE", f"groups/{helpdesk.pk}/members/{john.pk}/$ref")) == (404, "Request_ResourceNotFound")


@pytest.mark.requirement("M8")
def test_an_admin_agent_changes_the_agent_groups_and_no_other(
    graph_as: Callable[..., Graph], helpdesk: Group, tier1: Group, john: User
) -> None:
    agent, mary = graph_as(john, *VERIFIED), make_user(john.tenant, "mary")
    assert agent("POST", f"groups/{helpdesk.pk}/members/$ref", reference(mary)).status_code == 204
    assert agent("DELETE", f"groups/{helpdesk.pk}/members/{mary.pk}/$ref").status_code == 204
    assert agent("DELETE", f"groups/{helpdesk.pk}/members/{tier1.pk}/$ref").status_code == 204
    assert code(agent("POST", f"groups/{tier1.pk}/members/$ref", reference(mary))) == (
        403,
        "Authorization_RequestDenied",
    )


@pytest.mark.requirement("M15")
def test_a_guest_may_be_an_admin_agent_and_other_guests_see_themselves_only(
    graph_as: Callable[..., Graph], agents: Group, helpdesk: Group, alejandra: User, john: User
) -> None:
    guest = make_user(john.tenant, "visitor", user_type="Guest", home_account=alejandra)
    john.tenant.trusts_home_mfa = True
    john.tenant.save()
    visiting = graph_as(alejandra, *VERIFIED, tenant=john.tenant)
    assert [row["displayName"] for row in visiting.values("users")] == ["Visitor Example"]
    assert visiting.values("groups") == []
    agents.members.add(guest)
    assert len(visiting.values("users")) == 2
    assert visiting("POST", f"groups/{helpdesk.pk}/members/$ref", reference(john)).status_code == 204


@pytest.mark.requirement("M8")
def test_nobody_else_changes_members(graph_as: Callable[..., Graph], helpdesk: Group, tier1: Group) -> None:
    hiro = User.objects.get(display_name="Hiro Example")
    helper = graph_as(hiro, *VERIFIED)
    assert helper.get(f"groups/{helpdesk.pk}").status_code == 200
    assert helper("POST", f"groups/{helpdesk.pk}/members/$ref", reference(hiro)).status_code == 403
    assert helper("DELETE", f"groups/{helpdesk.pk}/members/{tier1.pk}/$ref").status_code == 403
    assert list(helpdesk.nested.all()) == [tier1]


def test_groups_nest_but_never_in_a_circle(graph: Graph, agents: Group, helpdesk: Group, tier1: Group) -> None:
    assert graph("POST", f"groups/{agents.pk}/members/$ref", reference(helpdesk)).status_code == 204
    for inner in (agents, helpdesk, tier1):
        closing = graph("POST", f"groups/{inner.pk}/members/$ref", reference(agents))
        assert code(closing) == (400, "CircularMembership")
    assert code(graph("POST", f"groups/{agents.pk}/members/$ref", reference(helpdesk))) == (
        400,
        "ObjectReferenceAlreadyExists",
    )


def test_only_objects_of_the_own_tenant_become_members(graph: Graph, helpdesk: Group, alejandra: User) -> None:
    foreign = make_group(alejandra.tenant, "AdminAgents")
    for target in (alejandra, foreign):
        response = graph("POST", f"groups/{helpdesk.pk}/members/$ref", reference(target))
        assert code(response) == (404, "Request_ResourceNotFound")
        assert code(graph("POST", f"groups/{foreign.pk}/members/$ref", reference(target)))[0] == 404


@pytest.mark.parametrize(
    "body",
    [None, {}, {"@odata.id": 7}, {"@odata.id": "john"}, {"@odata.id": "https://x/directoryObjects/1"}, {"id": "x"}],
)
def test_a_reference_has_to_be_one(graph: Graph, helpdesk: Group, body: object) -> None:
    assert code(graph("POST", f"groups/{helpdesk.pk}/members/$ref", body)) == (400, "Request_BadRequest")


@pytest.mark.requirement("M21")
def test_what_a_user_is_in(graph: Graph, helpdesk: Group, tier1: Group) -> None:
    hiro = User.objects.get(display_name="Hiro Example")
    hiro.role_assignments.create(role="b0f54661-2d74-4c50-afa3-1ec803f12efe")
    assert names(graph.values(f"users/{hiro.pk}/memberOf")) == [
        ("group", "Tier 1 support"),
        ("directoryRole", "Billing Administrator"),
    ]
    assert names(graph.values("users/hiro@fabrikam.example/transitiveMemberOf")) == [
        ("group", "HelpdeskAgents"),
        ("group", "Tier 1 support"),
        ("directoryRole", "Billing Administrator"),
    ]
    assert graph.values(f"users/{hiro.pk}/memberOf", **{"$select": "displayName"})[0] == {
        "@odata.type": "#microsoft.graph.group",
        "displayName": "Tier 1 support",
    }
    assert graph.get(f"users/{hiro.pk}/memberOf", **{"$filter": "x eq 1"}).status_code == 400
