"""Directory roles: which there are, who holds them, and the guard of the last Global administrator."""

import pytest

from entra.directory.models import DirectoryRole, User
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import (
    BILLING_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
    audited,
    code,
    make_group,
    reference,
)


def role_ids(graph: Graph) -> dict[str, str]:
    return {row["roleTemplateId"]: row["id"] for row in graph.values("directoryRoles")}


def test_the_roles_have_stable_ids_and_their_templates(graph: Graph) -> None:
    rows = graph.values("directoryRoles")
    assert sorted((row["displayName"], row["roleTemplateId"]) for row in rows) == [
        ("Billing Administrator", "b0f54661-2d74-4c50-afa3-1ec803f12efe"),
        ("Global Administrator", "62e90394-69f5-4237-9190-012177145e10"),
        ("Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d"),
    ]
    assert role_ids(graph) == role_ids(graph)
    assert not set(role_ids(graph)) & set(role_ids(graph).values())


def test_a_role_is_read_by_id_and_by_template(graph: Graph) -> None:
    found = role_ids(graph)[BILLING_ADMINISTRATOR]
    by_id = graph.get(f"directoryRoles/{found}").json()
    assert by_id["displayName"] == "Billing Administrator"
    assert graph.get(f"directoryRoles(roleTemplateId='{BILLING_ADMINISTRATOR}')").json() == by_id
    for unknown in (BILLING_ADMINISTRATOR, "nonsense"):  # a template's id is not the role's
        assert code(graph.get(f"directoryRoles/{unknown}")) == (404, "Request_ResourceNotFound")


def test_a_role_has_other_ids_in_other_tenants(graph: Graph, graph_as, alejandra: User) -> None:
    alejandra.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    assert not set(role_ids(graph).values()) & set(role_ids(graph_as(alejandra)).values())


@pytest.mark.requirement("M21")
def test_a_role_is_assigned_and_removed(graph: Graph, grace: User, john: User) -> None:
    role = f"directoryRoles/{role_ids(graph)[BILLING_ADMINISTRATOR]}"
    assert graph("POST", f"{role}/members/$ref", reference(john)).status_code == 204
    assert [(row["@odata.type"], row["id"]) for row in graph.values(f"{role}/members")] == [
        ("#microsoft.graph.user", str(john.pk))
    ]
    detail = {"user": "john@fabrikam.example", "role": "Billing Administrator"}
    assert audited("role.assigned") == [(str(grace.pk), str(john.pk), detail)]
    assert code(graph("POST", f"{role}/members/$ref", reference(john))) == (400, "ObjectReferenceAlreadyExists")
    by_template = f"directoryRoles(roleTemplateId='{BILLING_ADMINISTRATOR}')"
    assert graph("DELETE", f"{by_template}/members/{john.pk}/$ref").status_code == 204
    assert audited("role.removed") == [(str(grace.pk), str(john.pk), detail)]
    assert code(graph("DELETE", f"{role}/members/{john.pk}/$ref")) == (404, "Request_ResourceNotFound")


def test_the_last_global_administrator_keeps_the_role(graph: Graph, grace: User, john: User) -> None:
    path = f"directoryRoles(roleTemplateId='{GLOBAL_ADMINISTRATOR}')/members"
    assert code(graph("DELETE", f"{path}/{grace.pk}/$ref")) == (400, "LastGlobalAdministrator")
    john.account_enabled = False
    john.save()
    assert graph("POST", f"{path}/$ref", reference(john)).status_code == 204
    assert code(graph("DELETE", f"{path}/{grace.pk}/$ref")) == (400, "LastGlobalAdministrator")
    assert graph("DELETE", f"{path}/{john.pk}/$ref").status_code == 204  # disabled, so nobody is lost
    make_user(john.tenant, "mary").role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    assert graph("DELETE", f"{path}/{grace.pk}/$ref").status_code == 204
    # What a person may do follows the roles of this moment, not those at sign-in.
    assert code(graph("POST", f"{path}/$ref", reference(grace))) == (403, "Authorization_RequestDenied")


def test_roles_are_held_by_users_of_the_tenant_only(graph: Graph, john: User, alejandra: User) -> None:
    path = f"directoryRoles(roleTemplateId='{BILLING_ADMINISTRATOR}')/members/$ref"
    assert code(graph("POST", path, reference(alejandra))) == (404, "Request_ResourceNotFound")
    assert code(graph("POST", path, reference(make_group(john.tenant, "Accountants")))) == (400, "Request_BadRequest")
