"""What the demo's portal may do by itself in the demo's tenants, at first and after an upgrade."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from entra.apps.administration import app_roles, revoke_app_roles
from entra.apps.models import Application
from entra.directory.models import Tenant
from entra.management.commands import seed_demo

pytestmark = pytest.mark.django_db
WANTED = [
    "Application.Read.All",
    "AuditLog.Read.All",
    "Domain.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "Policy.Read.All",
    "Reports.Read.All",
    "RoleManagement.Read.Directory",
    "User.Read.All",
]


@pytest.fixture
def portal() -> Application:
    call_command("seed_demo")
    return Application.objects.get(name="Partner Center")


@pytest.fixture
def contoso(portal: Application) -> Tenant:
    return Tenant.objects.get(display_name="Contoso")


@pytest.mark.requirement("Q1")
def test_the_portal_may_read_what_the_status_report_needs_in_every_tenant(portal: Application) -> None:
    for tenant in Tenant.objects.all():
        assert app_roles(application=portal, tenant=tenant) == WANTED


def test_a_demo_world_of_an_earlier_version_gets_what_is_new(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = json.loads(seed_demo.WORLD.read_text())
    world["applications"][0]["appRoles"] = ["AuditLog.Read.All", "User.Read.All"]
    earlier = tmp_path / "world.json"
    earlier.write_text(json.dumps(world))
    with monkeypatch.context() as patched:
        patched.setattr(seed_demo, "WORLD", earlier)
        call_command("seed_demo")
    portal, contoso = Application.objects.get(name="Partner Center"), Tenant.objects.get(display_name="Contoso")
    revoke_app_roles(application=portal, tenant=contoso, permissions=["User.Read.All"], actor="an administrator")
    call_command("seed_demo")
    assert app_roles(application=portal, tenant=contoso) == [name for name in WANTED if name != "User.Read.All"]


def test_what_an_administrator_took_away_stays_away(portal: Application, contoso: Tenant) -> None:
    revoke_app_roles(application=portal, tenant=contoso, permissions=["AuditLog.Read.All"], actor="an administrator")
    call_command("seed_demo")
    assert app_roles(application=portal, tenant=contoso) == [name for name in WANTED if name != "AuditLog.Read.All"]


def test_a_tenant_that_is_not_the_demos_grants_nothing(portal: Application) -> None:
    stranger = Tenant.objects.create(display_name="A stranger")
    call_command("seed_demo")
    assert app_roles(application=portal, tenant=stranger) == []
