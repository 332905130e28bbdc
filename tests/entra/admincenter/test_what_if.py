"""The what-if page answers as the sign-in would."""

import pytest

from entra.apps.models import Application
from entra.directory.models import AccountClass, AuthenticatorApp, Tenant, User
from entra.policy.administration import require_mfa, save_location, save_policy, set_legacy_block
from entra.policy.evaluate import Grant
from tests.entra.admincenter.conftest import Admin
from tests.entra.conftest import make_user


def asked(admin: Admin, account: User, application: Application, **more: str) -> str:
    return admin.text("/what-if", user=account.user_principal_name, application=str(application.pk), **more)


def test_nothing_is_asked_where_no_rule_is(admin: Admin, john: User, application: Application) -> None:
    page = asked(admin, john, application)
    assert "The person is signed in without a further question." in page
    assert page.count("It is off.") == 2  # per-user MFA, security defaults


def test_mfa_means_registration_and_later_verification(
    admin: Admin, fabrikam: Tenant, john: User, application: Application
) -> None:
    require_mfa(tenant=fabrikam, name="MFA for everybody", users=None, excluded=[], actor="test")
    page = asked(admin, john, application)
    assert "The person registers a method first: Authenticator app," in page
    assert "MFA for everybody" in page
    AuthenticatorApp.objects.create(account=john, name="Phone", confirmed=True)
    assert "The person verifies with: Authenticator app." in asked(admin, john, application)


def test_a_block_from_outside_the_office(admin: Admin, fabrikam: Tenant, john: User, application: Application) -> None:
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], actor="test")
    save_policy(
        tenant=fabrikam,
        name="Office only",
        grant=Grant.BLOCK,
        exclude_locations=[office],
        actor="test",
        include_users=[str(john.pk)],
    )
    outside = asked(admin, john, application, ip="198.51.100.7")
    assert "A policy of the organization blocks this sign-in." in outside
    assert "AADSTS53003" in outside
    inside = asked(admin, john, application, ip="192.0.2.7")
    assert "The network is among those it leaves out." in inside
    assert "The person is signed in without a further question." in inside


def test_legacy_authentication_is_weighed(admin: Admin, fabrikam: Tenant, john: User, application: Application) -> None:
    set_legacy_block(tenant=fabrikam, on=True, actor="test")
    assert "AADSTS53003" in asked(admin, john, application, legacy="on")


def test_an_account_for_emergencies_meets_no_rule(admin: Admin, fabrikam: Tenant, application: Application) -> None:
    save_policy(tenant=fabrikam, name="Nobody", grant=Grant.BLOCK, actor="test")
    spare = make_user(fabrikam, "spare", account_class=AccountClass.BREAK_GLASS)
    page = asked(admin, spare, application)
    assert "The account is for emergencies: no rule touches it." in page
    assert "without a further question" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("user", "alejandra@contoso.example", "Nobody in your organization has this sign-in name."),
        ("user", "", "This field is required."),
        ("application", "10000000-0000-4000-8000-0000000000ff", "Select a valid choice."),
        ("ip", "300.1.1.1", "Enter a valid IPv4 or IPv6 address."),
    ],
)
def test_what_cannot_be_asked_is_said(
    admin: Admin, john: User, alejandra: User, application: Application, field: str, value: str, said: str
) -> None:
    usual = {"user": john.user_principal_name, "application": str(application.pk)}
    page = admin.text("/what-if", **(usual | {field: value}))
    assert said in page
    assert "Rules that were weighed" not in page
