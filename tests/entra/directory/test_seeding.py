"""The demo world, and the directory reads that tokens are built from."""

import json

import pytest
from django.conf import settings

from entra.directory import services
from entra.directory.models import Group, Tenant, User
from entra.directory.seeding import load_directory

pytestmark = pytest.mark.django_db
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"


@pytest.fixture
def world():
    world = json.loads((settings.BASE_DIR / "demo" / "world.json").read_text())
    load_directory(world)
    return world


def _user(name):
    return User.objects.get(user_principal_name=name)


def test_the_demo_world_has_the_seven_tenants(world):
    names = ["Contoso", "Fabrikam", "Platform operations", "Proseware", "Tailspin CPV", "Wingtip", "Wingtip Cloud"]
    assert sorted(Tenant.objects.values_list("display_name", flat=True)) == names


def test_loading_the_world_again_changes_nothing(world):
    User.objects.filter(user_principal_name="john@fabrikam.example").update(display_name="Renamed")
    before = (User.objects.count(), Group.objects.count(), _user("alejandra@contoso.example").password)
    assert load_directory(world) == 0
    assert (User.objects.count(), Group.objects.count(), _user("alejandra@contoso.example").password) == before
    assert _user("john@fabrikam.example").display_name == "Renamed"


@pytest.mark.requirement("M21")
def test_groups_include_the_nested_ones(world):
    assert [str(one) for one in services.group_ids(_user("helpdesk@contoso.example"))] == [
        "a0000000-0000-4000-8000-000000000013",
        "a0000000-0000-4000-8000-000000000014",
    ]


def test_nesting_in_a_circle_ends(world):
    outer, inner = Group.objects.filter(tenant__display_name="Contoso", display_name__in=["SalesAgents", "AdminAgents"])
    outer.nested.add(inner)
    inner.nested.add(outer)
    assert len(services.group_ids(_user("alejandra@contoso.example"))) == 2


@pytest.mark.requirement("M21")
def test_directory_roles_are_named_by_their_template_id(world):
    assert services.role_template_ids(_user("alejandra@contoso.example")) == [GLOBAL_ADMINISTRATOR]
    assert services.role_template_ids(_user("nobody@contoso.example")) == []


def test_a_guest_signs_in_with_the_home_name_only(world):
    assert services.find_home_account("mei_proseware.example#ext#@contoso.example") is None
    home = services.find_home_account(" Mei@Proseware.example ")
    guest = services.account_in(home, Tenant.objects.get(display_name="Contoso"))
    assert guest.user_principal_name == "mei_proseware.example#ext#@contoso.example"
    assert guest.home == home
    assert services.account_in(home, Tenant.objects.get(display_name="Wingtip")) is None


def test_a_tenant_is_found_by_id_and_by_domain(world):
    wingtip = Tenant.objects.get(display_name="Wingtip")
    assert services.find_tenant("c0000000-0000-4000-8000-000000000002") == wingtip
    assert services.find_tenant("WINGTIP.example") == wingtip
    assert services.find_tenant("unknown.example") is None


@pytest.mark.requirement("M8")
def test_the_agent_groups_are_owned_by_the_admin_agents(world):
    contoso = Group.objects.filter(tenant__display_name="Contoso")
    owned = {group.display_name for group in contoso if services.owns(_user("alejandra@contoso.example"), group)}
    assert owned == {"AdminAgents", "SalesAgents", "HelpdeskAgents"}
    assert not any(services.owns(_user("sales@contoso.example"), group) for group in contoso)
    assert not any(services.owns(_user("olga@proseware.example"), group) for group in contoso)
