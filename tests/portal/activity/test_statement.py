"""Statements that are compiled once answer what their query set would."""

from uuid import UUID, uuid4

import pytest
from django.db.models import CharField, Count, UUIDField
from django.db.models.functions import Upper

from accounts.models import PartnerTenant, User
from activity.statement import Given, Statement
from tests.portal.conftest import make_user

TENANT = Given("tenant", UUIDField())


def test_objects_come_with_their_related_ones_and_annotations(alejandra: User) -> None:
    people: Statement[User] = Statement(
        lambda: User.objects.select_related("tenant").annotate(loud=Upper("display_name")).filter(tenant=TENANT)
    )
    (found,) = people.rows(10, tenant=alejandra.tenant_id)
    assert found == alejandra
    assert (found.display_name, found.roles, found.loud) == ("Alejandra Ruiz", alejandra.roles, "ALEJANDRA RUIZ")  # type: ignore[attr-defined]
    assert "tenant" in found._state.fields_cache
    assert found.tenant.programs == alejandra.tenant.programs


def test_values_go_into_what_is_asked_for(alejandra: User, olga: User) -> None:
    tenants = Statement(lambda: PartnerTenant.objects.filter(pk=TENANT).values_list("pk", "programs"), list)
    assert tenants.rows(5, tenant=olga.tenant_id) == [[olga.tenant_id, olga.tenant.programs]]
    assert isinstance(tenants.rows(5, tenant=olga.tenant_id)[0][0], UUID)


def test_each_run_has_values_of_its_own_and_the_text_is_made_once(alejandra: User, olga: User) -> None:
    built = []

    def build():
        built.append(1)
        return User.objects.filter(tenant=TENANT, display_name=Given("name", CharField()))

    people: Statement[User] = Statement(build)
    assert people.first(tenant=alejandra.tenant_id, name="Alejandra Ruiz") == alejandra
    assert people.first(tenant=olga.tenant_id, name=olga.display_name) == olga
    assert people.first(tenant=olga.tenant_id, name="Alejandra Ruiz") is None
    assert people.first(tenant=uuid4(), name="' OR 1=1 --") is None
    assert len(built) == 1


def test_no_more_rows_than_asked_for_are_read(alejandra: User) -> None:
    for number in range(3):
        make_user(alejandra.tenant, f"Person {number}", f"person{number}@contoso.example")
    people: Statement[User] = Statement(lambda: User.objects.filter(tenant=TENANT).order_by("display_name"))
    names = [person.display_name for person in people.rows(2, tenant=alejandra.tenant_id)]
    assert names == ["Alejandra Ruiz", "Person 0"]


def test_a_value_that_is_left_out_is_an_error(alejandra: User) -> None:
    tenants = Statement(lambda: PartnerTenant.objects.filter(pk=TENANT).annotate(many=Count("users")))
    with pytest.raises(KeyError):
        tenants.first()
