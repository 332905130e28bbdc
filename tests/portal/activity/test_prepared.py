"""Prepared statements give what the querysets they stand for give, and are composed once."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError
from django.db.models import CharField, UUIDField
from django.db.models.functions import Upper

from accounts.models import PartnerTenant, User
from activity.models import AuditRecord
from activity.prepared import Prepared, PreparedUpdate, delete, insert, update
from tests.portal.conftest import make_user

NAMED = Prepared[PartnerTenant](lambda name: PartnerTenant.objects.filter(display_name=name), CharField())
IDS = Prepared[PartnerTenant](
    lambda pk: PartnerTenant.objects.filter(pk=pk).values_list("pk", "display_name", "programs"), UUIDField()
)


@pytest.fixture
def tenant(db: None) -> PartnerTenant:
    return PartnerTenant.objects.create(id=uuid4(), display_name="Contoso", programs=["csp-direct"])


def test_objects_and_values_are_read_as_django_reads_them(tenant: PartnerTenant) -> None:
    found = NAMED.first("Contoso")
    assert (found, found.pk, found.programs) == (tenant, tenant.pk, ["csp-direct"])
    assert not found._state.adding
    assert IDS.all(tenant.pk) == [(tenant.pk, "Contoso", ["csp-direct"])]
    assert isinstance(IDS.first(tenant.pk)[0], UUID)


def test_other_values_are_another_question(tenant: PartnerTenant) -> None:
    assert NAMED.first("Contoso") == tenant
    assert NAMED.first("' OR 1=1 --") is None
    assert NAMED.all("Fabrikam") == []


def test_one_query_and_it_is_composed_once(tenant: PartnerTenant, django_assert_num_queries: Any) -> None:
    made = []

    def make(name: Any) -> Any:
        made.append(name)
        return PartnerTenant.objects.filter(display_name=name)

    prepared = Prepared[PartnerTenant](make, CharField())
    with django_assert_num_queries(2):
        prepared.first("Contoso")
        prepared.first("Fabrikam")
    assert len(made) == 1


def test_an_update_tells_how_many_it_met(tenant: PartnerTenant) -> None:
    rename = PreparedUpdate[PartnerTenant](
        lambda old, new: (PartnerTenant.objects.filter(display_name=old), {"display_name": new}),
        CharField(),
        CharField(),
    )
    assert rename("Contoso", "Fabrikam") == 1
    assert rename("Contoso", "Fabrikam") == 0
    assert PartnerTenant.objects.get().display_name == "Fabrikam"


def test_a_row_is_inserted_changed_and_deleted(db: None) -> None:
    tenant = insert(PartnerTenant(id=uuid4(), display_name="Contoso", programs=[]))
    insert(PartnerTenant(id=tenant.pk, display_name="Another", programs=[]), unless_there=True)
    tenant.display_name = "Fabrikam"
    update(tenant, "display_name")
    assert [one.display_name for one in PartnerTenant.objects.all()] == ["Fabrikam"]
    delete(PartnerTenant, tenant.pk)
    assert not PartnerTenant.objects.exists()
    with pytest.raises(DatabaseError):
        update(tenant, "display_name")


def test_a_key_that_the_database_makes_is_left_to_it(db: None) -> None:
    for number in range(2):
        insert(AuditRecord(action="a", actor=str(number), subject="s", detail={"n": number}, at=datetime.now(UTC)))
    assert [row.detail for row in AuditRecord.objects.order_by("pk")] == [{"n": 0}, {"n": 1}]


def test_related_objects_and_annotations_come_along_and_no_more_rows_than_asked_for(alejandra: User) -> None:
    make_user(alejandra.tenant, "Zoe Example", "zoe@contoso.example")
    people = Prepared[User](
        lambda tenant: (
            User.objects.select_related("tenant")
            .annotate(loud=Upper("display_name"))
            .filter(tenant=tenant)
            .order_by("display_name")
        ),
        UUIDField(),
    )
    (found,) = people.all(alejandra.tenant_id, most=1)
    assert (found, found.roles, found.loud) == (alejandra, alejandra.roles, "ALEJANDRA RUIZ")
    assert "tenant" in found._state.fields_cache
    assert found.tenant.programs == alejandra.tenant.programs
    assert len(people.all(alejandra.tenant_id)) == 2


def test_a_value_that_is_left_out_is_an_error(db: None) -> None:
    with pytest.raises(ValueError, match="zip"):
        NAMED.first()
