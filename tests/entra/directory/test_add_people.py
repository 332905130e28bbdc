"""`add_people` fills a demo tenant."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from activity.models import AuditRecord
from entra.directory.models import Tenant, User
from tests.entra.conftest import make_user

pytestmark = pytest.mark.django_db


def names(tenant: Tenant) -> list[str]:
    return sorted(tenant.users.values_list("user_principal_name", flat=True))


def test_people_are_added_who_can_sign_in_and_hold_nothing(contoso: Tenant) -> None:
    call_command("add_people", "2", tenant="Contoso.example")
    assert names(contoso) == ["person1@contoso.example", "person2@contoso.example"]
    person = User.objects.get(user_principal_name="person2@contoso.example")
    assert (person.display_name, person.mail) == ("Person 2", "person2@contoso.example")
    assert person.check_password("Partner!2026demo")
    assert not person.member_groups.exists()
    assert not person.role_assignments.exists()
    record = AuditRecord.objects.get(action="users.added")
    assert (record.actor, str(record.tenant_id), record.subject) == ("add_people", str(contoso.pk), "Contoso")
    assert record.detail == {"first": "person1@contoso.example", "last": "person2@contoso.example", "count": 2}


def test_adding_again_adds_others_and_goes_round_names_that_are_taken(contoso: Tenant) -> None:
    make_user(contoso, "person2")
    call_command("add_people", "1", tenant="contoso.example")
    call_command("add_people", "2", tenant="contoso.example")
    assert names(contoso) == [f"person{number}@contoso.example" for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("count", "tenant", "demo", "said"),
    [
        ("5", "nowhere.example", True, "no tenant nowhere.example"),
        ("0", "contoso.example", True, "between 1 and 100000"),
        ("100001", "contoso.example", True, "between 1 and 100000"),
        ("5", "contoso.example", False, "Demo mode is off"),
    ],
)
def test_what_cannot_be_is_refused(
    contoso: Tenant, settings: Settings, count: str, tenant: str, demo: bool, said: str
) -> None:
    settings.DEMO = demo
    with pytest.raises(CommandError, match=said):
        call_command("add_people", count, tenant=tenant)
    assert not User.objects.exists()
