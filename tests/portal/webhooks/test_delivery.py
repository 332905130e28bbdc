"""Events from the outbox to a receiver over real HTTP."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.portal.webhooks.conftest import Receiver
from webhooks import posting
from webhooks.delivery import ATTEMPTS, deliver_due
from webhooks.models import Attempt, Delivery, Event, Registration
from webhooks.services import announce, change, send_test


def tell(user: User, path: str = "/v1/invoices/G100", event: Event = Event.INVOICE_READY) -> None:
    announce(event, partner_id=user.tenant_id, resource_name="invoice", path=path)


def later() -> None:
    """The pause after a failure is over."""
    Registration.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_an_event_arrives_signed(
    client: Client, alejandra: User, registration: Registration, receiver: Receiver
) -> None:
    tell(alejandra)
    assert deliver_due() == 1
    (event,) = receiver.events
    changed = event.pop("ResourceChangeUtcDate")
    assert event == {
        "EventName": "invoice-ready",
        "ResourceUri": "http://localhost:8000/v1/invoices/G100",
        "ResourceName": "invoice",
        "AuditUri": None,
    }
    assert changed.endswith("+00:00")
    assert receiver.signed(0, client)
    assert (receiver.got[0][0], receiver.got[0][1]["content-type"]) == ("/events", "application/json; charset=utf-8")
    assert deliver_due() == 0


def test_the_signature_can_come_in_a_header_of_its_own(
    client: Client, alejandra: User, registration: Registration, receiver: Receiver
) -> None:
    change(user=alejandra, url=receiver.url, events=[Event.INVOICE_READY], signature_in_own_header=True)
    tell(alejandra)
    deliver_due()
    headers = receiver.got[0][1]
    assert "authorization" not in headers
    assert headers["x-ms-signature"].startswith("Signature ")
    assert receiver.signed(0, client)


def test_only_events_that_were_asked_for_are_sent(
    alejandra: User, olga: User, registration: Registration, receiver: Receiver
) -> None:
    change(user=alejandra, url=receiver.url, events=[Event.TEST], signature_in_own_header=False)
    tell(alejandra)
    tell(olga)
    assert not Delivery.objects.exists()


def test_an_event_of_a_change_that_was_not_kept_is_not_sent(alejandra: User, registration: Registration) -> None:
    with transaction.atomic():
        tell(alejandra)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("status", [500, 404, 401, 410])
def test_what_was_not_taken_is_sent_again_after_a_pause(
    alejandra: User, registration: Registration, receiver: Receiver, status: int
) -> None:
    receiver.answers = [status]
    tell(alejandra)
    assert (deliver_due(), deliver_due(), len(receiver.got)) == (0, 0, 1)
    registration.refresh_from_db()
    assert registration.due_at is not None
    assert timedelta() < registration.due_at - timezone.now() <= timedelta(seconds=2)
    later()
    assert (deliver_due(), len(receiver.got)) == (1, 2)
    registration.refresh_from_db()
    assert (registration.failures, registration.due_at) == (0, None)
    assert Delivery.objects.get().outcome == "completed"


def test_the_pauses_grow_to_an_hour(alejandra: User, registration: Registration, receiver: Receiver) -> None:
    Registration.objects.update(failures=15)
    receiver.answers = [500]
    tell(alejandra)
    deliver_due()
    registration.refresh_from_db()
    assert registration.due_at is not None
    assert timedelta(minutes=59) < registration.due_at - timezone.now() <= timedelta(hours=1)


def test_after_eight_attempts_an_event_is_given_up_and_the_next_has_its_turn(
    alejandra: User, registration: Registration, receiver: Receiver
) -> None:
    tell(alejandra, "/v1/invoices/G1")
    tell(alejandra, "/v1/invoices/G2")
    receiver.answers = [400] * 8
    for _number in range(ATTEMPTS):
        deliver_due()
        later()
    assert deliver_due() == 1
    assert [row.outcome for row in Delivery.objects.order_by("changed_at")] == ["failed", "completed"]
    assert receiver.events[-1]["ResourceUri"].endswith("/G2")
    assert len(receiver.got) == 9


@pytest.mark.parametrize(("hours", "outcomes"), [(23, ["pending"]), (25, ["failed"])])
@pytest.mark.parametrize("answer", [500, 503, 429, 307])
def test_a_receiver_that_is_out_of_order_is_waited_for_a_day(
    alejandra: User, registration: Registration, receiver: Receiver, answer: int, hours: int, outcomes: list[str]
) -> None:
    tell(alejandra)
    receiver.answers = [answer] * (ATTEMPTS + 1)
    for _number in range(ATTEMPTS):
        deliver_due()
        later()
    assert Delivery.objects.get().outcome == "pending"
    Delivery.objects.update(changed_at=timezone.now() - timedelta(hours=hours))
    deliver_due()
    assert [row.outcome for row in Delivery.objects.all()] == outcomes


def test_a_test_is_over_after_eight_attempts(alejandra: User, registration: Registration, receiver: Receiver) -> None:
    change(user=alejandra, url=receiver.url, events=[Event.TEST], signature_in_own_header=False)
    send_test(user=alejandra)
    receiver.answers = [500] * ATTEMPTS
    for _number in range(ATTEMPTS):
        deliver_due()
        later()
    assert Delivery.objects.get().outcome == "failed"


def test_events_arrive_in_their_order(alejandra: User, registration: Registration, receiver: Receiver) -> None:
    for number in range(4):
        tell(alejandra, f"/v1/invoices/G{number}")
    assert deliver_due() == 4
    assert [event["ResourceUri"][-2:] for event in receiver.events] == ["G0", "G1", "G2", "G3"]


def test_a_redirect_is_not_followed(alejandra: User, registration: Registration, receiver: Receiver) -> None:
    receiver.answers = [307]
    tell(alejandra)
    assert (deliver_due(), [path for path, _headers, _body in receiver.got]) == (0, ["/events"])
    attempt = Attempt.objects.get()
    assert (attempt.response_code, attempt.response_message) == (
        "TemporaryRedirect",
        "Redirects are not followed.",
    )


def test_a_receiver_that_is_away_is_a_system_error(
    alejandra: User, registration: Registration, receiver: Receiver
) -> None:
    change(user=alejandra, url="http://127.0.0.1:9/", events=list(Event), signature_in_own_header=False)
    tell(alejandra)
    assert deliver_due() == 0
    attempt = Attempt.objects.get()
    assert attempt.system_error
    assert "ConnectionRefusedError" in attempt.response_message


def test_an_answer_that_trickles_in_is_cut_off(
    alejandra: User, registration: Registration, receiver: Receiver, monkeypatch: Any
) -> None:
    monkeypatch.setattr(posting, "_LIMIT", 0.5)
    receiver.trickle = 5
    tell(alejandra)
    began = time.monotonic()
    assert deliver_due() == 0
    assert time.monotonic() - began < 3


def test_one_process_serves_a_receiver(alejandra: User, registration: Registration, receiver: Receiver) -> None:
    Registration.objects.update(leased_until=timezone.now() + timedelta(seconds=30))
    tell(alejandra)
    assert (deliver_due(), receiver.got) == (0, [])
    Registration.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 1


def test_what_was_settled_is_forgotten_after_a_month(
    alejandra: User, registration: Registration, receiver: Receiver
) -> None:
    tell(alejandra)
    deliver_due()
    Delivery.objects.update(settled_at=timezone.now() - timedelta(days=29))
    deliver_due()
    assert Delivery.objects.count() == 1
    Delivery.objects.update(settled_at=timezone.now() - timedelta(days=31))
    deliver_due()
    assert not Delivery.objects.exists()


def test_a_name_that_leads_inside_by_now_is_not_called(
    alejandra: User, registration: Registration, receiver: Receiver, settings: Any
) -> None:
    """The name is resolved at each delivery; outside the demo this machine is inside too."""
    tell(alejandra)
    Registration.objects.update(url="https://localhost/")
    settings.DEMO = False
    assert (deliver_due(), receiver.got) == (0, [])
    assert "not on the public internet" in Attempt.objects.get().response_message
