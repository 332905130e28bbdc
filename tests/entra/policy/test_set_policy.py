"""The command that changes a tenant's policies."""

import pytest
from django.core.management import CommandError, call_command

from activity.models import AuditRecord
from entra.directory.models import Tenant, User
from entra.policy.services import allowed_methods, rules_of


@pytest.fixture(autouse=True)
def people(world):
    return world


def run(*arguments):
    call_command("set_policy", *arguments)
    return rules_of(fabrikam())


def fabrikam():
    return Tenant.objects.get(display_name="Fabrikam")


def oid(name):
    return str(User.objects.get(user_principal_name=name).pk)


@pytest.mark.requirement("V12")
def test_security_defaults_are_switched_on_and_off():
    first = run("fabrikam.example", "--security-defaults", "on").security_defaults_since
    assert first is not None
    assert run("fabrikam.example", "--security-defaults", "on").security_defaults_since == first
    assert run("fabrikam.example", "--security-defaults", "off").security_defaults_since is None


@pytest.mark.requirement("V13")
def test_mfa_is_required_of_all_but_those_excluded():
    rules = run("fabrikam.example", "--require-mfa", "all", "--exclude", "nobody@fabrikam.example")
    (policy,) = rules.policies
    assert (policy.include_users, policy.exclude_users) == ({"all"}, {oid("nobody@fabrikam.example")})
    assert run("fabrikam.example", "--require-mfa", "none").policies == ()


@pytest.mark.requirement("V11")
def test_methods_are_allowed_by_name():
    run("fabrikam.example", "--allow-methods", "authenticatorApp,securityKey")
    assert allowed_methods(fabrikam()) == {"authenticatorApp", "securityKey"}
    run("fabrikam.example", "--allow-methods", "none")
    assert allowed_methods(fabrikam()) == set()
    run("fabrikam.example", "--allow-methods", "default")
    assert len(allowed_methods(fabrikam())) == 4


@pytest.mark.requirement("V13")
def test_per_user_mfa_is_set_for_the_users_named():
    run("fabrikam.example", "--per-user-mfa", "enforced", "--user", "john@fabrikam.example")
    assert User.objects.get(user_principal_name="john@fabrikam.example").per_user_mfa.state == "enforced"


def test_every_change_is_audited():
    run("fabrikam.example", "--block-legacy-authentication", "on")
    record = AuditRecord.objects.get()
    assert (record.action, record.actor) == ("policy.legacyAuthentication.changed", "command line")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.example"], "No tenant has the domain or id nowhere.example"),
        (["fabrikam.example", "--exclude", "john@fabrikam.example"], "--exclude belongs to --require-mfa"),
        (["fabrikam.example", "--per-user-mfa", "enforced"], "belong together"),
        (["fabrikam.example", "--require-mfa", "olga@proseware.example"], "Fabrikam has no user named olga"),
        (["fabrikam.example", "--allow-methods", "sms"], "Unknown methods: sms"),
        (["fabrikam.example", "--federated-mfa", "enforce"], "Fabrikam has no federated domain"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(CommandError, match=message):
        run(*arguments)


@pytest.mark.requirement("M15")
def test_mfa_done_at_home_is_trusted_and_not(capsys):
    run("fabrikam.example", "--home-mfa", "trusted")
    assert fabrikam().trusts_home_mfa
    assert "guests' MFA at home: trusted" in capsys.readouterr().out
    run("fabrikam.example", "--home-mfa", "ignored")
    assert not fabrikam().trusts_home_mfa
