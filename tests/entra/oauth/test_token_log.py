"""The sign-in log of tokens that are got without a page: by a password, and by a device (V14)."""

from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import Tenant, User
from entra.oauth.models import DeviceCode
from entra.policy import administration
from entra.policy.evaluate import Grant, PolicyState
from entra.signin.models import SignIn
from tests.entra.conftest import RelyingParty
from tests.entra.oauth.conftest import error_of
from tests.entra.oauth.devices import CANCEL, CONTINUE, Device, device
from tests.entra.oauth.test_password_grant import allowed, ask

__all__ = ["allowed", "device"]
NATIVE = "Mobile Apps and Desktop clients"


def the_row() -> SignIn:
    return SignIn.objects.get()


def facts(row: SignIn) -> tuple[str, str, int]:
    return row.protocol, row.result, row.error_code


@pytest.mark.requirement("V14")
def test_a_password_exchanged_for_tokens_leaves_a_row(allowed: RelyingParty, john: User) -> None:
    answer = ask(allowed)
    assert answer.status_code == 200
    row = the_row()
    assert facts(row) == ("ropc", "success", 0)
    assert (row.account, str(row.tenant_id), row.application_name) == (john, str(john.tenant_id), "Partner Center")
    assert (row.client_app, row.interactive, row.amr, row.mfa_satisfied) == (NATIVE, False, ["pwd"], False)
    assert [(one["method"], one["succeeded"]) for one in row.proofs] == [("password", True)]
    assert str(row.correlation_id) == answer["client-request-id"]


@pytest.mark.parametrize(
    ("fields", "code", "proven", "known"),
    [
        ({"password": "wrong"}, 50126, [False], True),
        ({"username": "nobody@fabrikam.example"}, 50126, [False], False),
        ({"scope": "unheard-of"}, 70011, [], True),
        ({"resource": "https://api.partnercenter.microsoft.com"}, 901002, [True], True),
    ],
)
def test_what_is_refused_leaves_a_row_too(
    allowed: RelyingParty, john: User, fields: dict[str, str | None], code: int, proven: list[bool], known: bool
) -> None:
    assert error_of(ask(allowed, **fields))[1] == code
    row = the_row()
    assert facts(row) == ("ropc", "failure", code)
    assert [one["succeeded"] for one in row.proofs] == proven
    assert row.account == (john if known else None)
    assert row.amr == (["pwd"] if proven == [True] else [])


def test_a_password_sent_where_none_is_taken_is_seen_without_being_looked_at(allowed: RelyingParty) -> None:
    call_command("set_policy", "fabrikam.example", "--password-grant", "off")
    ask(allowed)
    assert facts(the_row()) == ("ropc", "failure", 70003)
    assert the_row().proofs == []


def test_a_name_of_no_organization_is_in_nobodys_log(allowed: RelyingParty) -> None:
    ask(allowed, username="john@nowhere.example")
    ask(allowed, username=None)
    assert not SignIn.objects.exists()


@pytest.mark.requirement("V14")
def test_where_verification_is_required_the_row_says_what_asked_for_it(allowed: RelyingParty, fabrikam: Tenant) -> None:
    administration.require_mfa(tenant=fabrikam, name="MFA", users=None, excluded=[], actor="a test")
    ask(allowed)
    row = the_row()
    assert facts(row) == ("ropc", "interrupted", 50076)
    assert (row.mfa_required, row.policy_status) == (True, "failure")
    assert [(one["rule"], one["result"]) for one in row.weighed if one["policyId"]] == [("policy:MFA", "failure")]


def test_a_report_only_policy_is_told_to_refuse_what_could_not_be_asked(
    allowed: RelyingParty, fabrikam: Tenant
) -> None:
    administration.save_policy(
        tenant=fabrikam, name="Later", grant=Grant.MFA, state=PolicyState.REPORT_ONLY, actor="a test"
    )
    assert ask(allowed).status_code == 200
    assert [one["result"] for one in the_row().weighed if one["policyId"]] == ["reportOnlyFailure"]


def test_consent_that_is_missing_disabled_accounts_and_too_many_guesses(allowed: RelyingParty, john: User) -> None:
    Application.objects.update(preauthorized=False)
    ask(allowed)
    User.objects.filter(pk=john.pk).update(account_enabled=False)
    ask(allowed)
    for _ in range(11):
        ask(allowed, password="wrong")
    codes = list(SignIn.objects.order_by("at").values_list("error_code", "result"))
    assert codes[:2] == [(65001, "interrupted"), (50057, "failure")]
    assert codes[-1] == (50053, "failure")


def test_a_sign_in_on_a_device_is_told_as_one(device: Device, john: User) -> None:
    device.ask()
    device.enter()
    device.answer(**CONTINUE)
    assert facts(the_row()) == ("deviceCode", "success", 0)
    assert (the_row().account, the_row().application_name) == (john, "Desktop tool")
    assert device.poll().status_code == 200
    assert SignIn.objects.count() == 1


def test_a_device_that_is_declined_or_waits_no_longer(device: Device) -> None:
    for code, act in [(65004, CANCEL), (70019, CONTINUE)]:
        SignIn.objects.all().delete()
        device.ask()
        device.enter()
        if act is CONTINUE:
            DeviceCode.objects.update(expires_at=timezone.now())
        device.answer(**act)
        assert facts(the_row())[::2] == ("deviceCode", code)


def disabled(john: User) -> None:
    User.objects.filter(pk=john.pk).update(account_enabled=False)


def test_an_account_disabled_before_its_device_came_back(device: Device, john: User) -> None:
    device.ask()
    device.enter()
    device.answer(**CONTINUE)
    SignIn.objects.all().delete()
    disabled(john)
    assert error_of(device.poll()) == ("invalid_grant", 50057)
    assert facts(the_row()) == ("deviceCode", "failure", 50057)


def test_an_account_disabled_before_its_code_was_exchanged(signed_in_rp: RelyingParty, john: User) -> None:
    code: Any = signed_in_rp.code()
    SignIn.objects.all().delete()
    disabled(john)
    assert error_of(signed_in_rp.token(code=code)) == ("invalid_grant", 50057)
    assert facts(the_row()) == ("oAuth2", "failure", 50057)
    assert the_row().client_app == "Browser"
