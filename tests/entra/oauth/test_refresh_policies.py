"""Policies change while a refresh token lives: each refresh is weighed against those of that moment (ASVS 6.3.4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import DirectoryRole, RoleAssignment, Tenant, User
from entra.policy.evaluate import Grant, PolicyState
from entra.policy.models import ConditionalAccessPolicy, NamedLocation, PerUserMfa, SecurityDefaults
from entra.signin.method import Method
from entra.signin.models import ClientApp, SignIn
from tests.entra.conftest import RelyingParty
from tests.entra.oauth.conftest import error_of

BLOCKED, VERIFY = ("invalid_grant", 53003), ("interaction_required", 50076)


def policy(john: User, grant: Grant, **facts: Any) -> ConditionalAccessPolicy:
    everything = {"include_users": ["all"], "include_applications": ["all"], "state": PolicyState.ON}
    row: ConditionalAccessPolicy = ConditionalAccessPolicy.objects.create(
        tenant=john.tenant, name=f"{grant} {facts}", grant=grant, **everything | facts
    )
    return row


def outside(john: User, cidr: str) -> None:
    """Block everywhere but there."""
    place = NamedLocation.objects.create(tenant=john.tenant, name=cidr, cidr_ranges=[cidr])
    policy(john, Grant.BLOCK).exclude_locations.add(place)


def test_a_block_made_meanwhile_is_obeyed_and_logged(signed_in_rp: RelyingParty, john: User) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    made = policy(john, Grant.BLOCK)
    response = signed_in_rp.refresh(token)
    assert error_of(response) == BLOCKED
    assert response.json()["suberror"] == "message_only"
    assert SignIn.objects.filter(error_code=53003, client_app=ClientApp.APPLICATION, account=john).count() == 1
    made.delete()
    assert signed_in_rp.refresh(token).status_code == 200


def test_mfa_demanded_meanwhile_has_to_be_shown(signed_in_rp: RelyingParty, john: User, sign_in: Any) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    policy(john, Grant.MFA)
    response = signed_in_rp.refresh(token)
    assert error_of(response) == VERIFY
    assert response.json()["suberror"] == "basic_action"
    assert SignIn.objects.get(error_code=50076).mfa_required
    sign_in(signed_in_rp.browser, john, Method.AUTHENTICATOR_APP)
    verified = signed_in_rp.tokens()["refresh_token"]
    assert signed_in_rp.refresh(verified).status_code == 200


@pytest.mark.parametrize("state", [PolicyState.OFF, PolicyState.REPORT_ONLY])
def test_a_policy_that_is_not_on_changes_nothing(signed_in_rp: RelyingParty, john: User, state: PolicyState) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    policy(john, Grant.BLOCK, state=state)
    assert signed_in_rp.refresh(token).status_code == 200


def test_a_policy_for_other_applications_or_roles_changes_nothing(signed_in_rp: RelyingParty, john: User) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    policy(john, Grant.BLOCK, include_applications=["10000000-0000-4000-8000-0000000000ff"])
    policy(john, Grant.BLOCK, include_users=[], include_roles=[DirectoryRole.GLOBAL_ADMINISTRATOR.value])
    assert signed_in_rp.refresh(token).status_code == 200
    RoleAssignment.objects.create(user=john, role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    assert error_of(signed_in_rp.refresh(token)) == BLOCKED


def test_security_defaults_switched_on_meanwhile_stop_administrators(signed_in_rp: RelyingParty, john: User) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    SecurityDefaults.objects.create(tenant=john.tenant, enabled_at=timezone.now())
    assert signed_in_rp.refresh(token).status_code == 200  # fourteen days to register
    RoleAssignment.objects.create(user=john, role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    assert error_of(signed_in_rp.refresh(token)) == VERIFY


def test_security_defaults_stop_who_did_not_register_in_time(signed_in_rp: RelyingParty, john: User) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    long_ago = timezone.now() - timedelta(days=15)
    User.objects.filter(pk=john.pk).update(created_at=long_ago)
    SecurityDefaults.objects.create(tenant=john.tenant, enabled_at=long_ago)
    assert error_of(signed_in_rp.refresh(token)) == VERIFY


def test_mfa_switched_on_for_one_person_has_to_be_shown(signed_in_rp: RelyingParty, john: User) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    PerUserMfa.objects.create(user=john, state="enforced")
    assert error_of(signed_in_rp.refresh(token)) == VERIFY


def test_a_server_is_where_the_person_signed_in(signed_in_rp: RelyingParty, john: User) -> None:
    token = signed_in_rp.tokens()["refresh_token"]  # from 127.0.0.1
    outside(john, "127.0.0.0/8")
    signed_in_rp.browser.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert signed_in_rp.refresh(token).status_code == 200


def test_a_public_client_is_where_it_calls_from(public_rp: RelyingParty, john: User) -> None:
    token = public_rp.token(code=public_rp.code(), client_secret=None).json()["refresh_token"]
    outside(john, "127.0.0.0/8")
    public_rp.browser.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert error_of(public_rp.refresh(token, client_secret=None)) == BLOCKED
    public_rp.browser.defaults["REMOTE_ADDR"] = "127.0.0.1"
    assert public_rp.refresh(token, client_secret=None).status_code == 200


def test_an_application_withdrawn_from_other_organizations_is_used_there_no_more(
    signed_in_rp: RelyingParty, john: User, contoso: Tenant
) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    registration = Application.objects.filter(pk=signed_in_rp.application.pk)
    registration.update(tenant=contoso, multi_tenant=False)
    assert error_of(signed_in_rp.refresh(token)) == ("unauthorized_client", 700016)
    assert SignIn.objects.filter(error_code=700016, account=john).count() == 1
    registration.update(multi_tenant=True)
    assert signed_in_rp.refresh(token).status_code == 200
