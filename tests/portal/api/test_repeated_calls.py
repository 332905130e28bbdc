"""A change repeated with the same MS-RequestId is made once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from api.models import RememberedAnswer, forget_answers
from customers.models import Customer
from tests.portal.api.conftest import Api
from tests.portal.api.test_customers import CUSTOMERS, NEW
from tests.portal.business import make_customer

ID = {"MS-RequestId": "11111111-1111-4111-8111-111111111111"}


def create(api: Api, user: User, **changed: Any) -> Any:
    return api.call(user, CUSTOMERS, method="POST", body={**NEW, **changed}, headers=ID)


def test_the_second_answer_is_the_first_one(api: Api, alejandra: User) -> None:
    first, second = create(api, alejandra), create(api, alejandra)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert Customer.objects.count() == 1


def test_the_same_id_for_another_call_is_a_conflict(api: Api, alejandra: User) -> None:
    create(api, alejandra)
    response = create(api, alejandra, companyProfile={"domain": "other.example"})
    assert (response.status_code, response.json()["data"]) == (409, ["MS-RequestId"])
    assert Customer.objects.count() == 1


def test_a_refused_change_may_be_repeated(api: Api, alejandra: User) -> None:
    assert create(api, alejandra, companyProfile={"domain": "x"}).status_code == 400
    assert create(api, alejandra).status_code == 201


def test_another_persons_id_is_their_own(api: Api, alejandra: User, olga: User) -> None:
    assert (create(api, alejandra).status_code, create(api, olga).status_code) == (201, 201)
    assert Customer.objects.count() == 2


def test_without_an_id_each_call_counts(api: Api, alejandra: User) -> None:
    assert api.call(alejandra, CUSTOMERS, method="POST", body=NEW).status_code == 201
    assert api.call(alejandra, CUSTOMERS, method="POST", body=NEW).status_code == 400  # the domain is taken


def test_answers_are_sealed_and_forgotten_after_a_day(api: Api, alejandra: User) -> None:
    create(api, alejandra)
    (note,) = RememberedAnswer.objects.all()
    assert "New Coffee" not in note.answer
    assert forget_answers(timezone.now() + timedelta(hours=23)) == 0
    assert forget_answers(timezone.now() + timedelta(hours=25)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer; the overlap cannot happen")
def test_two_at_once_change_one_thing(api: Api, alejandra: User) -> None:
    statuses: list[int] = []

    def act() -> None:
        statuses.append(create(Api(api.provider), alejandra).status_code)
        connections.close_all()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 4
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer; the overlap cannot happen")
def test_a_qualification_asked_for_by_many_at_once_is_one(api: Api, alejandra: User) -> None:
    token = api.token_of(alejandra)
    for number in range(5):
        customer = make_customer(alejandra.tenant, domain=f"coffee{number}.example")
        barrier, statuses = threading.Barrier(4), list[int]()

        def act(
            path: str = f"/v1/customers/{customer.tenant_id}/qualifications",
            barrier: threading.Barrier = barrier,
            statuses: list[int] = statuses,
        ) -> None:
            barrier.wait()
            answer = Api(api.provider).call(token, path, method="POST", body={"qualification": "Education"})
            statuses.append(answer.status_code)
            connections.close_all()

        threads = [threading.Thread(target=act) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [201, 409, 409, 409]
