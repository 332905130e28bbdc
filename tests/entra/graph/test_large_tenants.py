"""A page costs as many queries in a large tenant as in a small one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from entra.signin.models import SignIn
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import make_group

By = Callable[..., Graph]
REGISTRATIONS = "reports/authenticationMethods/userRegistrationDetails"


def queries(graph: Graph, path: str, **query: str) -> tuple[int, int]:
    """How many rows came, and how many queries that took."""
    with CaptureQueriesContext(connection) as captured:
        response = graph.get(path, **query)
    assert response.status_code == 200, response.content
    return len(response.json()["value"]), len(captured)


@pytest.fixture
def crowd(fabrikam: Tenant) -> Callable[[int], list[User]]:
    def make(count: int) -> list[User]:
        known = User.objects.count()
        names = [f"user{number}@fabrikam.example" for number in range(known, known + count)]
        return User.objects.bulk_create(
            User(tenant=fabrikam, user_principal_name=name, display_name=name) for name in names
        )

    return make


def sign_ins(people: list[User], application: Application, count: int) -> None:
    about = {
        "tenant_id": people[0].tenant_id,
        "home_tenant_id": people[0].tenant_id,
        "resource_tenant_id": people[0].tenant_id,
        "application_id": application.pk,
        "correlation_id": application.pk,
        "interactive": True,
        "result": "success",
    }
    SignIn.objects.bulk_create(
        SignIn(at=timezone.now(), account=people[number % len(people)], **about) for number in range(count)
    )


def test_a_page_of_users_is_as_many_queries_however_many_they_are(by_itself: By, crowd: Any) -> None:
    graph = by_itself("User.Read.All")
    crowd(3)
    _rows, few = queries(graph, "users", **{"$top": "999"})
    crowd(1000)
    assert queries(graph, "users", **{"$top": "999"}) == (999, few)
    assert few == 5


def test_a_page_of_sign_ins_is_as_many_queries_however_many_they_are(
    by_itself: By, crowd: Any, application: Application
) -> None:
    graph, people = by_itself("AuditLog.Read.All"), crowd(5)
    sign_ins(people, application, 3)
    wanted = {"$top": "1000", "$filter": "createdDateTime ge 2020-01-01T00:00:00Z"}
    _rows, few = queries(graph, "auditLogs/signIns", **wanted)
    sign_ins(people, application, 1010)
    assert queries(graph, "auditLogs/signIns", **wanted) == (1000, few)
    assert few == 5
    own = wanted["$filter"] + f" and userId eq '{people[0].pk}'"
    assert queries(graph, "auditLogs/signIns", **{"$top": "1000", "$filter": own}) == (203, few)


def test_a_page_of_sign_ins_has_an_end(by_itself: By) -> None:
    assert by_itself("AuditLog.Read.All").get("auditLogs/signIns", **{"$top": "1001"}).status_code == 400


def test_a_page_of_members_is_as_many_queries_however_many_they_are(
    by_itself: By, crowd: Any, fabrikam: Tenant
) -> None:
    graph, group, inner = (
        by_itself("GroupMember.Read.All"),
        make_group(fabrikam, "Outer"),
        make_group(fabrikam, "Inner"),
    )
    group.nested.add(inner)
    path = f"groups/{group.pk}/transitiveMembers/microsoft.graph.user"
    inner.members.add(*crowd(3))
    _rows, few = queries(graph, path, **{"$top": "999"})
    inner.members.add(*crowd(1000))
    assert queries(graph, path, **{"$top": "999"}) == (999, few)


def test_a_page_of_registrations_is_as_many_queries_however_many_they_are(by_itself: By, crowd: Any) -> None:
    graph = by_itself("AuditLog.Read.All")
    crowd(3)
    _rows, few = queries(graph, REGISTRATIONS, **{"$top": "999"})
    crowd(100)
    assert queries(graph, REGISTRATIONS, **{"$top": "999"}) == (103, few)


def test_a_page_of_applications_is_as_many_queries_however_many_they_are(by_itself: By, fabrikam: Tenant) -> None:
    graph = by_itself("Application.Read.All")
    _rows, few = queries(graph, "servicePrincipals")
    for number in range(20):
        register_application(
            client_id=f"20000000-0000-4000-8000-{number:012}", tenant=fabrikam, name="x", redirect_uris=[]
        )
    assert queries(graph, "servicePrincipals") == (21, few)
    assert few == 5
