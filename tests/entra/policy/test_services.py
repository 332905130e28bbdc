"""Verdicts and allowed methods read from the database, over the demo world."""

from datetime import timedelta

import pytest
from django.utils import timezone

from entra.directory.models import Tenant, User
from entra.policy.evaluate import Rules
from entra.policy.models import AuthenticationPolicy, SecurityDefaults
from entra.policy.seeding import load_policies
from entra.policy.services import allowed_methods, rules_of, verdict_for

PORTAL = "10000000-0000-4000-8000-000000000001"


@pytest.fixture
def policies(world):
    load_policies(world, lambda name: (f"http://{name}.example/control", f"http://{name}.example", "PEM"))


def verdict(name, *, resource=None, **more):
    account = User.objects.get(user_principal_name=name)
    facts = {"client_id": PORTAL, "ip": "192.0.2.1", "now": timezone.now(), "known_device": True}
    return verdict_for(account=account.home, resource_account=resource or account, **(facts | more))


def tenant(name):
    return Tenant.objects.get(display_name=name)


@pytest.mark.requirement("V1", "V2", "V3", "V4")
@pytest.mark.parametrize(
    ("name", "mfa", "controls"),
    [
        ("alejandra@contoso.example", True, 0),
        ("nobody@contoso.example", True, 0),
        ("breakglass@contoso.example", False, 0),
        ("john@fabrikam.example", False, 0),
        ("prashob@wingtip.example", False, 0),
        ("trent@wingtipcloud.example", False, 1),
        ("olga@proseware.example", True, 0),
        ("kenji@proseware.example", False, 0),
        ("tara@tailspin.example", True, 0),
        ("sync-service@tailspin.example", False, 0),
        ("omar@platform.example", True, 0),
    ],
)
def test_the_demo_tenants_demand_what_their_stories_say(policies, name, mfa, controls):
    found = verdict(name)
    assert (found.block, found.mfa, len(found.custom_controls)) == (False, mfa, controls)


@pytest.mark.requirement("M15")
def test_a_guest_is_weighed_by_the_tenant_visited(policies):
    at_contoso = User.objects.get(user_principal_name="mei_proseware.example#ext#@contoso.example")
    at_fabrikam = User.objects.get(user_principal_name="mei_proseware.example#ext#@fabrikam.example")
    assert verdict("mei@proseware.example", resource=at_contoso).mfa
    assert not verdict("mei@proseware.example", resource=at_fabrikam).mfa


@pytest.mark.requirement("D7")
def test_a_delegated_partner_user_counts_as_an_administrator_of_the_tenant_visited(policies):
    SecurityDefaults.objects.create(tenant=tenant("Fabrikam"), enabled_at=timezone.now())
    account = User.objects.get(user_principal_name="kenji@proseware.example")
    found = verdict_for(
        account=account,
        resource_account=None,
        resource_tenant=tenant("Fabrikam"),
        client_id=PORTAL,
        ip="",
        now=timezone.now(),
        known_device=True,
    )
    assert found.mfa


@pytest.mark.requirement("V12")
def test_a_person_under_security_defaults_has_fourteen_days(policies):
    found = verdict("kenji@proseware.example")
    defaults = SecurityDefaults.objects.get(tenant=tenant("Proseware"))
    assert not found.mfa
    assert found.register_by - defaults.enabled_at < timedelta(days=14, minutes=1)
    assert verdict("kenji@proseware.example", now=timezone.now() + timedelta(days=15)).mfa


@pytest.mark.requirement("V11", "V12", "V4")
def test_the_methods_people_may_use(policies):
    assert allowed_methods(tenant("Proseware")) == {"authenticatorApp"}
    assert allowed_methods(tenant("Wingtip Cloud")) == set()
    everything = {"authenticatorApp", "securityKey", "hardwareToken", "recoveryCode"}
    assert allowed_methods(tenant("Fabrikam")) == everything
    AuthenticationPolicy.objects.create(tenant=tenant("Proseware"), allowed_methods=["securityKey", "hardwareToken"])
    assert allowed_methods(tenant("Proseware")) == {"securityKey", "hardwareToken"}


def test_loading_the_policies_again_changes_nothing(policies, world):
    def every_rule():
        return {row.display_name: rules_of(row) for row in Tenant.objects.all()}

    before = every_rule()
    load_policies(world, lambda name: ("http://elsewhere.example", "elsewhere", "PEM"))
    assert every_rule() == before
    assert before["Fabrikam"] == Rules()


def test_a_verdict_needs_few_queries(policies, django_assert_num_queries):
    with django_assert_num_queries(9):
        verdict("alejandra@contoso.example")
