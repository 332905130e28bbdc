"""The command that saves conditional access policies and named locations, and what a sign-in then meets."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from activity.models import AuditRecord
from entra.directory.models import Group, Tenant, User
from entra.policy.evaluate import Attempt, Grant, PolicyState, Subject, evaluate
from entra.policy.services import rules_of


@pytest.fixture(autouse=True)
def people(world):
    return world


def save(name, *arguments):
    call_command("set_conditional_access", "fabrikam.example", name, *arguments)
    return rules_of(Tenant.objects.get(display_name="Fabrikam"))


def asks(rules, ip, **who):
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return evaluate(
        subject=Subject(user_id="somebody", **who), attempt=Attempt(client_id="portal", now=now, ip=ip), rules=rules
    )


@pytest.mark.requirement("V13")
def test_a_named_location_keeps_its_addresses_out_of_a_policy():
    save("Office", "--ranges", "192.0.2.0/24", "2001:db8::/32")
    rules = save("MFA outside", "--grant", "mfa", "--not-from", "Office")
    assert not asks(rules, "192.0.2.7").mfa
    assert not asks(rules, "2001:db8::7").mfa
    assert asks(rules, "198.51.100.7").mfa


@pytest.mark.requirement("V13")
def test_a_policy_can_be_for_a_location_only():
    save("Cafe", "--ranges", "198.51.100.0/24")
    rules = save("Blocked in the cafe", "--grant", "block", "--from", "Cafe")
    assert asks(rules, "198.51.100.7").block
    assert not asks(rules, "192.0.2.7").block


@pytest.mark.requirement("V13", "M15")
def test_guests_groups_people_and_applications_are_included_and_excluded():
    john = User.objects.get(user_principal_name="john@fabrikam.example")
    sales = Group.objects.get(tenant=john.tenant, display_name="SalesAgents")
    rules = save(
        "All but",
        *("--grant", "mfa", "--users", "none", "--groups", "SalesAgents", "--guests"),
        *("--exclude-users", "JOHN@fabrikam.example", "--applications", "portal"),
    )
    assert asks(rules, "", guest=True).mfa
    assert asks(rules, "", group_ids=frozenset({str(sales.pk)})).mfa
    assert not asks(rules, "").mfa
    (policy,) = rules.policies
    assert policy.exclude_users == {str(john.pk)}
    assert policy.include_applications == {"portal"}


@pytest.mark.requirement("V13")
def test_saving_again_replaces_and_removing_removes():
    assert save("P", "--grant", "mfa").policies[0].grant is Grant.MFA
    (policy,) = save("P", "--grant", "block", "--state", "reportOnly").policies
    assert (policy.grant, policy.state) == (Grant.BLOCK, PolicyState.REPORT_ONLY)
    assert save("P", "--remove").policies == ()


def test_every_save_is_audited():
    save("Office", "--ranges", "192.0.2.0/24")
    save("P", "--grant", "mfa", "--from", "Office")
    save("P", "--remove")
    actions = list(AuditRecord.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-3:] == [
        "policy.namedLocation.saved",
        "policy.conditionalAccess.saved",
        "policy.conditionalAccess.removed",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("P", "--grant", "mfa", "--users", "ghost@fabrikam.example"), "no user named ghost@fabrikam.example"),
        (("P", "--grant", "mfa", "--groups", "Ghosts"), "no group named Ghosts"),
        (("P", "--grant", "mfa", "--from", "Moon"), "no location named Moon"),
        (("P", "--remove"), "no policy named P"),
        (("Office", "--ranges", "192.0.2.0/99"), "Give ranges such as"),
        (("P",), "required"),
        (("P", "--grant", "customControl"), "invalid choice"),
    ],
)
def test_mistakes_are_named_and_change_nothing(arguments, message):
    with pytest.raises(CommandError, match=message):
        save(*arguments)
    assert rules_of(Tenant.objects.get(display_name="Fabrikam")).policies == ()
