"""What counts as a portal operation (Q10), and that an answered one is stored."""

from datetime import timedelta
from uuid import UUID

import pytest
import redis
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from activity import writer
from activity.middleware import OperationLogMiddleware
from activity.models import OperationRecord
from activity.operation import Operation
from tests.portal.activity.conftest import Logged
from tests.portal.activity.stream import Stream

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("Q10")]
FABRIKAM = UUID("c0000000-0000-4000-8000-000000000003")
JOHN = Operation(FABRIKAM, "b0000000-0000-4000-8000-000000000301", "john@fabrikam.example", "customers", mfa=True)


def answer(status: int, operation: Operation | None = JOHN) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        if operation is not None:
            request.operation = operation
        return HttpResponse(status=status)

    return OperationLogMiddleware(view)(RequestFactory().get("/commerce/customers"))


def test_an_answer_is_logged_with_who_where_and_the_level(logged: Logged) -> None:
    answer(200)
    (record,) = logged()
    assert record.tenant_id == FABRIKAM
    assert record.user_id == "b0000000-0000-4000-8000-000000000301"
    assert record.user_name == "john@fabrikam.example"
    assert record.area == "customers"
    assert record.path == "/commerce/customers"
    assert record.mfa is True
    assert record.at.utcoffset() is not None


@pytest.mark.parametrize("status", [200, 204, 302, 303])
def test_every_answer_below_400_counts(status: int, logged: Logged) -> None:
    answer(status)
    assert len(logged()) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_refusals_and_faults_are_no_operations(status: int, logged: Logged) -> None:
    answer(status)
    assert logged() == []


def test_a_request_outside_the_counted_areas_is_no_operation(logged: Logged) -> None:
    answer(200, operation=None)
    assert logged() == []


def test_without_redis_one_statement_is_the_whole_cost(django_assert_num_queries, settings) -> None:
    settings.REDIS_URL = ""
    with django_assert_num_queries(1):
        answer(200)


def test_with_redis_the_page_writes_to_the_stream_and_the_worker_to_the_database(stream: Stream) -> None:
    answer(200)
    answer(200)
    assert not OperationRecord.objects.exists()
    call_command("ship_operations", "--once")
    assert OperationRecord.objects.count() == 2
    assert stream.log == {}


def test_the_tables_are_complete_until_the_oldest_entry_that_waits(stream: Stream) -> None:
    now = timezone.now()
    assert writer.stored_until(now) == now
    stream.log.update({f"{int((now - timedelta(minutes=ago)).timestamp() * 1000)}-0": {} for ago in (5, 1)})
    assert abs(writer.stored_until(now) - (now - timedelta(minutes=5))) < timedelta(milliseconds=2)


def test_without_an_answer_from_redis_the_page_writes_to_the_database(stream: Stream, monkeypatch) -> None:
    def fail(name: str, fields: dict[str, str]) -> str:
        raise redis.ConnectionError

    monkeypatch.setattr(stream, "xadd", fail)
    answer(200)
    assert OperationRecord.objects.count() == 1


@pytest.mark.parametrize("path", ["/commerce/%00", "/commerce/%ed%a0%80", "/commerce/%ff", f"/commerce/{'x' * 400}"])
def test_no_address_keeps_an_operation_from_being_stored(path: str, logged: Logged) -> None:
    """One that could not be stored would hold up every later one in the stream."""

    def view(request: HttpRequest) -> HttpResponse:
        request.operation = JOHN
        return HttpResponse()

    OperationLogMiddleware(view)(RequestFactory().get(path))
    (record,) = logged()
    assert record.path.startswith("/commerce/")
    assert "\x00" not in record.path
