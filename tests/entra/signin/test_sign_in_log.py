"""The sign-in log: which requests leave a row, what it says, and that it never stands in the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entra.directory.models import User
from entra.policy.administration import require_mfa, save_policy, set_allowed_methods
from entra.policy.evaluate import Grant, PolicyState
from entra.signin import sign_in_log
from entra.signin.method import Method
from entra.signin.models import SignIn
from tests.entra.conftest import ESSENTIAL_MFA, RelyingParty

CONTOSO = "c0000000-0000-4000-8000-000000000001"
FABRIKAM = "c0000000-0000-4000-8000-000000000003"
REPORT_ONLY = PolicyState.REPORT_ONLY


@pytest.fixture
def signed_in(rp: RelyingParty, john: User, sign_in: Callable[..., None]) -> RelyingParty:
    sign_in(rp.browser, john)
    return rp


def the_row() -> SignIn:
    return SignIn.objects.get()


def tenants(row: SignIn) -> tuple[str, str, str]:
    """Whose log it stands in, home, resource."""
    return str(row.tenant_id), str(row.home_tenant_id), str(row.resource_tenant_id)


def policy_results(row: SignIn) -> dict[str, str]:
    return {one["rule"]: one["result"] for one in row.weighed if one["policyId"]}


def test_a_sign_in_leaves_one_row_with_its_facts(signed_in: RelyingParty, john: User) -> None:
    answer = signed_in.authorize(**{"client-request-id": "9e1a2b3c-0000-4000-8000-000000000001"})
    assert answer.status_code == 303
    row = the_row()
    assert (row.account, row.result, row.error_code) == (john, "success", 0)
    assert tenants(row) == (FABRIKAM, FABRIKAM, FABRIKAM)
    assert (row.application_name, row.ip_address, row.interactive) == ("Partner Center", "127.0.0.1", False)
    assert str(row.correlation_id) == "9e1a2b3c-0000-4000-8000-000000000001"
    assert (row.amr, row.mfa_required, row.mfa_satisfied) == (["pwd"], False, False)
    assert [(one["method"], one["succeeded"]) for one in row.proofs] == [("password", True)]
    assert [one["rule"] for one in row.weighed] == ["perUserMfa", "securityDefaults"]
    assert row.policy_status == "notApplied"


def test_verification_asked_by_a_policy_shows_as_required_and_done(
    rp: RelyingParty, john: User, sign_in: Callable[..., None]
) -> None:
    require_mfa(tenant=john.tenant, name="Everybody", users=None, excluded=[], actor="test")
    sign_in(rp.browser, john, Method.PASSWORD, Method.AUTHENTICATOR_APP)
    rp.authorize()
    row = the_row()
    assert (row.mfa_required, row.mfa_satisfied, row.amr) == (True, True, ["pwd", "otp", "mfa"])
    assert (row.policy_status, policy_results(row)) == ("success", {"policy:Everybody": "success"})


def test_a_request_that_asks_for_verification_counts_as_requiring_it(signed_in: RelyingParty) -> None:
    signed_in.authorize(claims=ESSENTIAL_MFA, prompt="none")
    row = the_row()
    assert (row.result, row.error_code, row.mfa_required, row.mfa_satisfied) == ("interrupted", 50079, True, False)


def test_a_blocked_sign_in_is_a_failure_of_that_policy(signed_in: RelyingParty, john: User) -> None:
    save_policy(tenant=john.tenant, name="Nobody", grant=Grant.BLOCK, actor="test")
    assert signed_in.answer()["error"] == "access_denied"
    row = the_row()
    assert (row.result, row.error_code) == ("failure", 53003)
    assert (row.policy_status, policy_results(row)) == ("failure", {"policy:Nobody": "failure"})


@pytest.mark.parametrize(
    ("grant", "methods", "conditions", "expected"),
    [
        (Grant.MFA, [Method.PASSWORD], {}, "reportOnlyInterrupted"),
        (Grant.MFA, [Method.PASSWORD, Method.AUTHENTICATOR_APP], {}, "reportOnlySuccess"),
        (Grant.BLOCK, [Method.PASSWORD], {}, "reportOnlyFailure"),
        (Grant.MFA, [Method.PASSWORD], {"include_users": ["somebody"]}, "reportOnlyNotApplied"),
    ],
)
def test_report_only_says_what_the_policy_would_have_done(
    rp: RelyingParty,
    john: User,
    sign_in: Callable[..., None],
    grant: Grant,
    methods: list[Method],
    conditions: dict[str, Any],
    expected: str,
) -> None:
    save_policy(tenant=john.tenant, name="P", grant=grant, state=REPORT_ONLY, actor="test", **conditions)
    sign_in(rp.browser, john, *methods)
    assert "code" in rp.answer()
    assert policy_results(the_row()) == {"policy:P": expected}


def test_report_only_fails_where_nobody_could_register(signed_in: RelyingParty, john: User) -> None:
    set_allowed_methods(tenant=john.tenant, kinds=[], actor="test")
    save_policy(tenant=john.tenant, name="P", grant=Grant.MFA, state=REPORT_ONLY, actor="test")
    assert "code" in signed_in.answer()
    assert policy_results(the_row()) == {"policy:P": "reportOnlyFailure"}


def test_without_an_account_nothing_is_kept(rp: RelyingParty, john: User) -> None:
    assert rp.answer(prompt="none")["error"] == "login_required"
    assert not SignIn.objects.exists()


def test_a_guest_stands_in_the_log_of_the_tenant_visited(
    rp: RelyingParty, john: User, alejandra: User, sign_in: Callable[..., None]
) -> None:
    guest = User.objects.create(
        tenant=john.tenant, user_principal_name="ext@fabrikam.example", user_type="Guest", home_account=alejandra
    )
    sign_in(rp.browser, alejandra)
    rp.authorize()
    row = the_row()
    assert row.account == guest
    assert tenants(row) == (FABRIKAM, CONTOSO, FABRIKAM)


def test_a_stranger_stands_in_the_log_of_the_home_tenant(
    rp: RelyingParty, john: User, alejandra: User, sign_in: Callable[..., None]
) -> None:
    sign_in(rp.browser, alejandra)
    rp.answer(prompt="none")
    row = the_row()
    assert row.account == alejandra
    assert tenants(row) == (CONTOSO, CONTOSO, FABRIKAM)


def test_a_refresh_token_refused_for_revocation_is_kept(signed_in: RelyingParty, john: User) -> None:
    token = signed_in.tokens()["refresh_token"]
    SignIn.objects.all().delete()
    assert signed_in.refresh(token).status_code == 200
    assert not SignIn.objects.exists()
    User.objects.filter(pk=john.pk).update(sessions_valid_from=timezone.now())
    assert signed_in.refresh(token).status_code == 400
    row = the_row()
    assert (row.account, row.error_code, row.interactive, row.client_app) == (
        john,
        50173,
        False,
        "Mobile Apps and Desktop clients",
    )


def test_a_log_that_cannot_be_written_stops_no_sign_in(
    signed_in: RelyingParty, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(row: SignIn) -> None:
        raise RuntimeError

    monkeypatch.setattr(sign_in_log, "insert", broken)
    assert "code" in signed_in.answer()
    assert "A sign-in could not be logged" in caplog.text


def test_a_sign_in_costs_few_queries_more(signed_in: RelyingParty, john: User, monkeypatch: pytest.MonkeyPatch) -> None:
    require_mfa(tenant=john.tenant, name="Somebody", users=[], excluded=[], actor="test")
    signed_in.answer()
    with CaptureQueriesContext(connection) as with_log:
        signed_in.answer()
    monkeypatch.setattr(sign_in_log, "_write", lambda *args, **kwargs: None)
    with CaptureQueriesContext(connection) as without:
        signed_in.answer()
    assert len(with_log) - len(without) == 1  # the row


def test_old_rows_go_with_the_daily_clearing(signed_in: RelyingParty) -> None:
    signed_in.answer()
    SignIn.objects.update(at=timezone.now() - timedelta(days=89))
    call_command("clear_expired")
    assert SignIn.objects.count() == 1
    SignIn.objects.update(at=timezone.now() - timedelta(days=91))
    call_command("clear_expired")
    assert not SignIn.objects.exists()


def test_days_that_pass_in_the_demo_pass_in_the_log_too(signed_in: RelyingParty, settings: Any) -> None:
    settings.DEMO = True
    signed_in.answer()
    before = the_row().at
    call_command("age", "3")
    assert the_row().at == before - timedelta(days=3)
