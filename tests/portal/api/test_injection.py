"""Faults injected into the API: whom they hit, what the client sees, how they end (the demo alone)."""

import threading
import time
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from activity.models import ApiRequest, AuditRecord
from api import injection
from api.injection import start_fault
from api.models import FaultKind, InjectedFault, forget_faults
from tests.portal.api.conftest import APPLICATION, Api, known
from tests.portal.conftest import SignIn, make_user

PAGE, CUSTOMERS, PROFILE = "/dashboard/help/api/faults", "/v1/customers", "/v1/profiles/organization"
GET_CUSTOMERS = "Get /v{version}/customers"
ANOTHER_APPLICATION = "20000000-0000-4000-8000-000000000002"
HEADER = "X-Injected-Fault"
FORM = {
    "kind": "throttled", "operation": "any", "application": "", "most": "2", "percent": "100", "minutes": "10",
    "seconds": "7", "milliseconds": "2000",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _demo(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def sam(alejandra: User, api: Api) -> User:
    return known(make_user(alejandra.tenant, "Sam", "sam@contoso.example", [Role.SALES_AGENT]), api)


def started(actor: User, kind: str = "error", *, minutes: int = 10, **facts: Any) -> InjectedFault:
    return start_fault(actor=actor, fault=InjectedFault(kind=kind, **facts), minutes=minutes)


@pytest.mark.parametrize(
    ("kind", "status", "code", "headers"),
    [
        ("mfa-required", 401, "900421", {"WWW-Authenticate": 'Bearer error="invalid_token"'}),
        ("expired", 401, "400", {"WWW-Authenticate": 'Bearer error="invalid_token"'}),
        ("throttled", 429, "429", {"Retry-After": "7"}),
        ("error", 500, "500", {}),
        ("unavailable", 503, "503", {"Retry-After": "7"}),
    ],
)
def test_each_fault_looks_like_the_real_one_and_says_that_it_was_injected(
    api: Api, alejandra: User, kind: str, status: int, code: str, headers: dict[str, str]
) -> None:
    started(alejandra, kind, seconds=7)
    response = api.call(alejandra, CUSTOMERS, headers={"MS-RequestId": "r1", "MS-CorrelationId": "c1"})
    body = response.json()
    assert (response.status_code, body["code"], body["source"]) == (status, code, "PartnerCenter")
    assert set(body) == {"code", "description", "data", "source"}
    wanted = {**headers, HEADER: kind, "MS-RequestId": "r1", "MS-CorrelationId": "c1"}
    assert {name: response[name] for name in wanted} == wanted
    (row,) = ApiRequest.objects.all()
    assert (row.status, row.code) == (status, f"injected {code}")


def test_a_client_that_knows_claims_challenges_is_challenged(api: Api, alejandra: User) -> None:
    started(alejandra, "mfa-required")
    response = api.call(api.token_of(alejandra, xms_cc=["cp1"]), CUSTOMERS)
    assert "insufficient_user_authentication" in response["WWW-Authenticate"]


def test_a_late_answer_is_late_whole_and_marked(api: Api, alejandra: User) -> None:
    started(alejandra, "latency", milliseconds=150)
    before = time.monotonic()
    response = api.call(alejandra, CUSTOMERS)
    assert time.monotonic() - before >= 0.15
    assert (response.status_code, response[HEADER]) == (200, "latency")
    assert ApiRequest.objects.get().code == "injected"


def test_a_refusal_that_comes_late_is_marked_with_its_own_code(api: Api, alejandra: User) -> None:
    started(alejandra, "latency", milliseconds=1)
    response = api.call(api.token_of(alejandra, amr=["pwd"]), CUSTOMERS)
    assert (response.status_code, response[HEADER]) == (401, "latency")
    assert ApiRequest.objects.get().code == "injected 900421"


def test_few_calls_wait_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or slow answers would take every thread of the service."""
    waited: list[float] = []
    go_on = threading.Event()
    monkeypatch.setattr(injection.time, "sleep", lambda seconds: (waited.append(seconds), go_on.wait(5)))
    threads = [threading.Thread(target=injection._wait, args=(60_000,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads[2:]:
        thread.join(0.2)
    assert waited == [10, 10]
    assert sum(thread.is_alive() for thread in threads) == 2
    go_on.set()
    for thread in threads:
        thread.join(5)


def test_a_fault_ends_after_its_calls(api: Api, alejandra: User) -> None:
    fault = started(alejandra, most=2)
    assert [api.call(alejandra, CUSTOMERS).status_code for _ in range(3)] == [500, 500, 200]
    fault.refresh_from_db()
    assert (fault.injected, fault.left) == (2, 0)


def test_a_fault_ends_with_its_time_an_hour_at_most(api: Api, alejandra: User) -> None:
    fault = started(alejandra, minutes=600)
    assert fault.until - fault.at == timedelta(hours=1)
    assert api.call(alejandra, CUSTOMERS).status_code == 500
    InjectedFault.objects.update(until=timezone.now())
    assert api.call(alejandra, CUSTOMERS).status_code == 200
    assert forget_faults(timezone.now()) == 1


def test_simultaneous_calls_are_not_hit_more_often_than_ordered(
    api: Api, alejandra: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process takes the last one between this one's reading of the row and its counting."""
    fault = started(alejandra, most=1)

    def overtaken(most: int) -> int:
        InjectedFault.objects.filter(pk=fault.pk).update(injected=1)
        return 0

    monkeypatch.setattr(injection.secrets, "randbelow", overtaken)
    assert api.call(alejandra, CUSTOMERS).status_code == 200
    fault.refresh_from_db()
    assert fault.injected == 1


@pytest.mark.parametrize(("percent", "drawn", "status"), [(30, 29, 500), (30, 30, 200), (100, 99, 500), (1, 0, 500)])
def test_a_share_of_the_calls_is_hit(
    api: Api, alejandra: User, monkeypatch: pytest.MonkeyPatch, percent: int, drawn: int, status: int
) -> None:
    monkeypatch.setattr(injection.secrets, "randbelow", lambda most: drawn)
    started(alejandra, percent=percent)
    assert api.call(alejandra, CUSTOMERS).status_code == status


@pytest.mark.parametrize(
    ("facts", "hit"),
    [
        ({}, {"hers", "another operation", "another application", "his", "the application itself"}),
        ({"operation": GET_CUSTOMERS}, {"hers", "another application", "his", "the application itself"}),
        ({"application_id": ANOTHER_APPLICATION}, {"another application"}),
        ({"application_id": APPLICATION}, {"hers", "another operation", "his", "the application itself"}),
        ({"user_id": "her"}, {"hers", "another operation", "another application"}),
    ],
)
def test_only_what_it_names_is_hit(
    api: Api, alejandra: User, sam: User, olga: User, facts: dict[str, str], hit: set[str]
) -> None:
    if facts.get("user_id"):
        facts = {"user_id": alejandra.oid}
    started(alejandra, "unavailable", **facts)
    calls = {
        "hers": api.call(alejandra, CUSTOMERS),
        "another operation": api.call(alejandra, PROFILE),
        "another application": api.call(api.token_of(alejandra, appid=ANOTHER_APPLICATION), CUSTOMERS),
        "his": api.call(sam, CUSTOMERS),
        "the application itself": api.call(api.app_only_token(alejandra), CUSTOMERS),
        "another partner's": api.call(olga, CUSTOMERS),
    }
    assert {who for who, response in calls.items() if response.status_code == 503} == hit
    assert {who for who, response in calls.items() if HEADER in response} == hit


def test_who_is_no_administrator_hits_their_own_calls_alone(api: Api, alejandra: User, sam: User) -> None:
    started(sam)
    assert (api.call(sam, CUSTOMERS).status_code, api.call(alejandra, CUSTOMERS).status_code) == (500, 200)


def test_somebody_the_portal_has_never_seen_is_hit(api: Api, alejandra: User) -> None:
    api.provider.introspection = {"active": True, "wids": []}
    started(alejandra)
    token = api.token_of(alejandra, oid="00000000-0000-4000-8000-0000000000aa", sub="new", wids=[])
    assert api.call(token, CUSTOMERS).status_code == 500


def test_without_a_fault_in_effect_no_query_is_added(api: Api, alejandra: User, olga: User, settings: Settings) -> None:
    api.call(alejandra, CUSTOMERS)  # warms what is remembered
    started(olga)
    asked = {}
    for settings.DEMO in (False, True):
        with CaptureQueriesContext(connection) as queries:
            api.call(alejandra, CUSTOMERS)
        asked[settings.DEMO] = (len(queries), sum("injectedfault" in one["sql"] for one in queries.captured_queries))
    assert asked[True][0] == asked[False][0]
    assert (asked[False][1], asked[True][1]) == (0, 1)


def test_outside_the_demo_a_row_that_is_left_hits_nothing(api: Api, alejandra: User, settings: Settings) -> None:
    started(alejandra)
    settings.DEMO = False
    response = api.call(alejandra, CUSTOMERS)
    assert response.status_code == 200
    assert HEADER not in response


def test_a_fault_is_started_seen_and_ended_on_the_page(
    client: Client, api: Api, alejandra: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra)
    client.post(PAGE, FORM | {"operation": GET_CUSTOMERS})
    fault = InjectedFault.objects.get()
    assert (fault.kind, fault.seconds, fault.milliseconds, fault.most, fault.user_id) == ("throttled", 7, 0, 2, "")
    assert fault.started_by_name == "alejandra@contoso.example"
    assert api.call(alejandra, CUSTOMERS)["Retry-After"] == "7"
    page = client.get(PAGE).content.decode()
    for said in ("429: too many calls", "Retry-After: 7", "GET /v1/customers", f"{PAGE}/{fault.pk}/end"):
        assert said in page
    assert '<td class="num">1</td><td class="num">1</td>' in page
    client.post(f"{PAGE}/{fault.pk}/end")
    assert not InjectedFault.objects.exists()
    assert api.call(alejandra, CUSTOMERS).status_code == 200
    records = AuditRecord.objects.filter(action__startswith="api.faults").order_by("pk")
    assert [(row.action, row.actor, row.subject) for row in records] == [
        ("api.faults-started", "alejandra@contoso.example", str(fault.pk)),
        ("api.faults-ended", "alejandra@contoso.example", str(fault.pk)),
    ]
    assert records[1].detail["injected"] == 1


def test_everybody_sees_what_is_in_effect_and_ends_their_own(
    client: Client, api: Api, alejandra: User, sam: User, olga: User, sign_in: SignIn
) -> None:
    hers, his = started(alejandra), started(sam)
    ends = {fault: f"{PAGE}/{fault.pk}/end" for fault in (hers, his)}
    sign_in(client, olga)
    assert hers.started_by_name not in client.get(PAGE).content.decode()
    assert [client.post(end).status_code for end in ends.values()] == [404, 404]
    sign_in(client, sam)
    page = client.get(PAGE).content.decode()
    assert "alejandra@contoso.example" in page
    assert (ends[hers] in page, ends[his] in page) == (False, True)
    assert client.post(ends[hers]).status_code == HTTPStatus.NOT_FOUND
    assert client.get(ends[his]).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.post(ends[his]).status_code == HTTPStatus.FOUND
    sign_in(client, alejandra)
    assert client.post(ends[hers]).status_code == HTTPStatus.FOUND


def test_who_is_no_administrator_cannot_send_otherwise(client: Client, sam: User, sign_in: SignIn) -> None:
    sign_in(client, sam)
    client.post(PAGE, FORM)  # without only_mine
    assert InjectedFault.objects.get().user_id == sam.oid


@pytest.mark.parametrize(
    "changed",
    [
        {"minutes": "61"},
        {"minutes": "0"},
        {"percent": "0"},
        {"percent": "101"},
        {"most": "0"},
        {"milliseconds": "10001"},
        {"seconds": "3601"},
        {"kind": "fire"},
        {"operation": "Get /nothing"},
        {"application": "mine"},
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    client: Client, alejandra: User, sign_in: SignIn, changed: dict[str, str]
) -> None:
    sign_in(client, alejandra)
    response = client.post(PAGE, FORM | {"most": "23"} | changed)
    assert response.status_code == 422
    assert not InjectedFault.objects.exists()
    assert changed.get("most") or 'value="23"' in response.content.decode()


def test_the_log_says_that_the_call_was_hit_on_purpose(
    client: Client, api: Api, alejandra: User, sign_in: SignIn
) -> None:
    started(alejandra)
    api.call(alejandra, CUSTOMERS)
    sign_in(client, alejandra)
    page = client.get(f"/dashboard/help/api/calls/{ApiRequest.objects.get().pk}").content.decode()
    assert "injected on purpose" in page
    assert "500 injected 500" in page


def test_every_kind_has_an_answer_or_waits() -> None:
    assert {*injection._ANSWERS, FaultKind.LATENCY} == set(FaultKind)
