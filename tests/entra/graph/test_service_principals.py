"""The applications of a tenant, by their ids: a report names them."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from entra.apps.consents import record_consent
from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import code

By = Callable[..., Graph]


@pytest.fixture
def theirs(contoso: Tenant) -> Application:
    return register_application(
        client_id="20000000-0000-4000-8000-000000000009",
        tenant=contoso,
        name="Backup",
        redirect_uris=[],
        multi_tenant=True,
    )


def principals(graph: Graph, **query: str) -> list[dict[str, Any]]:
    return graph.values("servicePrincipals", **query)


def test_an_application_is_found_by_its_id(by_itself: By, application: Application) -> None:
    graph = by_itself("Application.Read.All")
    (found,) = principals(graph, **{"$filter": f"appId eq '{application.pk}'"})
    assert found == {
        "id": jwt.decode(graph.token, options={"verify_signature": False})["oid"],
        "appId": "10000000-0000-4000-8000-00000000000a",
        "displayName": "Partner Center",
        "appOwnerOrganizationId": "c0000000-0000-4000-8000-000000000003",
        "accountEnabled": True,
    }
    selected = {"$select": "appId,displayName", "$filter": f"appId eq '{application.pk}'"}
    (found,) = principals(by_itself("Application.Read.All"), **selected)
    assert found == {"appId": "10000000-0000-4000-8000-00000000000a", "displayName": "Partner Center"}


def test_another_tenants_application_is_there_once_it_is_in_use(
    by_itself: By, theirs: Application, fabrikam: Tenant, john: User
) -> None:
    graph = by_itself("Application.Read.All")
    wanted = {"$filter": f"appId eq '{theirs.pk}'"}
    assert principals(graph, **wanted) == []
    record_consent(application=theirs, account=john, scopes=["User.Read"])
    assert [row["displayName"] for row in principals(graph, **wanted)] == ["Backup"]
    Application.objects.filter(pk=theirs.pk).update(multi_tenant=False)
    assert principals(graph, **wanted) == []


def test_the_applications_of_a_tenant_take_an_administrator(graph_as: Callable[..., Graph], john: User) -> None:
    assert code(graph_as(john).get("servicePrincipals")) == (403, "Authorization_RequestDenied")
