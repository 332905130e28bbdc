"""`manage.py enrol_partner`, and roles from tokens that come with no directory behind them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import PartnerTenant
from accounts.oidc.identity import roles_of
from accounts.roles import Role
from activity.models import AuditRecord
from tests.portal.conftest import group_id, tenant_id

TENANT = str(tenant_id(3))


def enrol(*options: str) -> str:
    out = StringIO()
    call_command("enrol_partner", TENANT, "Fabrikam", *options, stdout=out)
    return out.getvalue()


@pytest.mark.requirement("M15")
@pytest.mark.parametrize(
    "program", ["csp-direct", "csp-indirect-provider", "csp-indirect-reseller", "cpv", "advisor", "operator"]
)
def test_a_partner_of_each_program_is_enrolled(db: None, program: str) -> None:
    assert enrol("--program", program) == f"Fabrikam is enrolled: {program}.\n"
    assert PartnerTenant.objects.get().programs == [program]


@pytest.mark.parametrize("cloud", ["global", "usgov", "germany"])
def test_each_cloud_is_known(db: None, cloud: str) -> None:
    enrol("--program", "csp-direct", "--cloud", cloud)
    assert PartnerTenant.objects.get().cloud == cloud


def test_enrolling_again_updates_and_is_silent_when_nothing_changes(db: None) -> None:
    enrol("--program", "csp-direct", "--admin-agents", str(group_id(3, 1)))
    enrol("--program", "csp-direct")
    assert PartnerTenant.objects.get().admin_agents_group == group_id(3, 1)
    assert AuditRecord.objects.count() == 1
    enrol("--program", "csp-direct", "--program", "advisor")
    assert PartnerTenant.objects.get().programs == ["advisor", "csp-direct"]
    assert AuditRecord.objects.count() == 2


@pytest.mark.requirement("S9")
@pytest.mark.parametrize("alone", ["cpv", "operator"])
def test_a_control_panel_vendor_is_nothing_else(db: None, alone: str) -> None:
    with pytest.raises(CommandError, match="cannot be combined"):
        enrol("--program", alone, "--program", "csp-direct")


@pytest.mark.requirement("M21")
@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"groups": [str(group_id(3, 1))]}, {Role.ADMIN_AGENT}),
        ({"groups": [str(group_id(3, 2)), str(group_id(3, 3))]}, {Role.SALES_AGENT, Role.HELPDESK_AGENT}),
        ({"groups": ["AdminAgents"]}, set()),
        ({"groups": [str(group_id(5, 1))]}, set()),
        ({"groups": str(group_id(3, 1))}, set()),
        ({"groups": ["None"]}, set()),
        ({"wids": ["62e90394-69f5-4237-9190-012177145e10"]}, {Role.GLOBAL_ADMIN}),
        ({"wids": ["194ae4cb-b126-40b2-bd5b-6091b380977d"]}, {Role.SECURITY_ADMIN}),
        ({"wids": ["Global Administrator"]}, set()),
        ({}, set()),
    ],
)
def test_agent_roles_come_from_group_ids_and_directory_roles_from_wids(
    fabrikam: PartnerTenant, claims: dict[str, object], roles: set[Role]
) -> None:
    assert roles_of(claims, fabrikam) == roles


@pytest.mark.requirement("M21")
def test_only_the_tenant_of_the_setting_has_operators(
    operator_tenant: PartnerTenant, fabrikam: PartnerTenant, settings: Settings
) -> None:
    fabrikam.operators_group = group_id(3, 4)
    settings.OPERATOR_TENANT = str(operator_tenant.id)
    assert roles_of({"groups": [str(group_id(7, 4))]}, operator_tenant) == {Role.OPERATOR}
    assert roles_of({"groups": [str(group_id(3, 4))]}, fabrikam) == set()
    settings.OPERATOR_TENANT = ""
    assert roles_of({"groups": [str(group_id(7, 4))]}, operator_tenant) == set()


@pytest.mark.requirement("M21")
def test_a_claim_mapping_gives_roles_where_there_are_no_groups(fabrikam: PartnerTenant, settings: Settings) -> None:
    settings.OIDC_ROLE_CLAIM, settings.OIDC_ROLE_MAP = "roles", {"finance": "billing-admin"}
    assert roles_of({"roles": ["finance", "emperor"]}, fabrikam) == {Role.BILLING_ADMIN}
    assert roles_of({"roles": "finance"}, fabrikam) == set()


def test_a_tenant_id_that_is_none_is_refused(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("enrol_partner", "fabrikam", "Fabrikam", "--program", "csp-direct")
