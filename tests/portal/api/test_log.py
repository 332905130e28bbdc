"""Every authenticated call is in the log, refused ones included; limits are counted by partner (Q4, Q10)."""

import json
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from accounts.models import User
from activity.models import ApiRequest, OperationRecord
from api import dispatch
from api.injection import start_fault
from api.models import FaultKind, InjectedFault
from tests.portal.api.conftest import APPLICATION, Api
from tests.portal.business import make_customer

CUSTOMERS = "/v1/customers"


@pytest.mark.requirement("Q4", "Q10")
def test_a_call_is_logged_with_who_what_and_how(api: Api, alejandra: User) -> None:
    customer = make_customer(alejandra.tenant)
    sent = {"MS-RequestId": "r-1", "MS-CorrelationId": "c-1"}
    api.call(alejandra, f"{CUSTOMERS}/{customer.tenant_id}", headers=sent)
    (row,) = ApiRequest.objects.all()
    assert (row.tenant_id, row.user_id, row.user_name) == (
        alejandra.tenant_id,
        alejandra.oid,
        "alejandra@contoso.example",
    )
    assert (row.application_id, row.operation) == (APPLICATION, "Get /v{version}/customers/{customer_id}")
    assert row.path == f"/v1/customers/{customer.tenant_id}"
    assert (row.status, row.code, row.mfa, row.ip) == (200, "", True, "127.0.0.1")
    assert (row.request_id, row.correlation_id) == ("r-1", "c-1")
    assert json.loads(row.claims)["amr"] == ["pwd", "mfa"]
    assert not OperationRecord.objects.exists()  # no portal operation (Q10)


@pytest.mark.requirement("Q10")
def test_a_call_refused_for_mfa_counts(api: Api, alejandra: User) -> None:
    api.call(api.token_of(alejandra, amr=["pwd"]), CUSTOMERS)
    row = ApiRequest.objects.get()
    assert (row.status, row.code, row.mfa) == (401, "900421", False)


@pytest.mark.requirement("Q4")
def test_an_application_by_itself_is_told_apart(api: Api, alejandra: User) -> None:
    api.call(api.app_only_token(alejandra), CUSTOMERS)
    row = ApiRequest.objects.get()
    assert (row.user_id, row.user_name, row.code) == ("", "", "900329")


def test_nobody_is_not_logged(api: Api, alejandra: User) -> None:
    api.client.get(CUSTOMERS)
    api.call("nonsense", CUSTOMERS)
    api.call(api.token_of(alejandra, exp=1), CUSTOMERS)
    assert not ApiRequest.objects.exists()


def test_the_token_is_nowhere_in_the_log(api: Api, alejandra: User) -> None:
    token = api.token_of(alejandra)
    api.call(token, CUSTOMERS)
    assert token.rpartition(".")[2] not in str(ApiRequest.objects.values().get())


def test_what_goes_wrong_here_is_logged_and_says_nothing_of_why(
    api: Api, alejandra: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(dispatch, "_respond", broken)
    response = api.call(alejandra, CUSTOMERS, headers={"MS-CorrelationId": "c-9"})
    assert (response.status_code, response.json()["code"]) == (500, "500")
    assert "c-9" in response.json()["description"]
    assert b"secret" not in response.content
    assert ApiRequest.objects.get().status == 500
    assert "the secret reason" in caplog.text


def test_a_partner_over_its_limit_waits_and_others_do_not(
    api: Api, alejandra: User, olga: User, settings: Settings
) -> None:
    settings.API_CALLS_PER_MINUTE = 3
    with time_machine.travel("2026-11-24T10:00:30Z", tick=False):
        token = api.token_of(alejandra)
        statuses = [api.call(token, CUSTOMERS).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = api.call(token, CUSTOMERS)
        assert refused["Retry-After"] == "30"
        assert refused.json()["code"] == "429"
        assert api.call(olga, CUSTOMERS).status_code == 200
    with time_machine.travel("2026-11-24T10:01:00Z", tick=False):
        assert api.call(token, CUSTOMERS).status_code == 200


def test_calls_that_meet_an_injected_fault_count_too(api: Api, alejandra: User, settings: Settings) -> None:
    settings.DEMO, settings.API_CALLS_PER_MINUTE = True, 2
    with time_machine.travel("2026-11-24T10:00:30Z", tick=False):
        start_fault(actor=alejandra, fault=InjectedFault(kind=FaultKind.ERROR), minutes=10)
        assert [api.call(alejandra, CUSTOMERS).status_code for _ in range(3)] == [500, 500, 429]
