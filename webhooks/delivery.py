"""Sending what waits in the outbox: in order for each receiver, again with growing pauses while it fails."""

import json
import logging
import time
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from webhooks.addresses import AddressRefused
from webhooks.models import Attempt, Delivery, Event, Outcome, Registration
from webhooks.posting import Unanswered, named, post
from webhooks.signing import ALGORITHM, signature

logger = logging.getLogger(__name__)
CERTIFICATE_PATH = "/webhooks/certificate"
ATTEMPTS = 8
_WAITED_FOR = timedelta(days=1)
_TRANSIENT = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_KEPT_FOR = timedelta(days=30)
_BUDGET = 20  # seconds that one receiver is served at a stretch
_LEASE = timedelta(seconds=60)  # longer than budget and one slow answer together
_LONGEST_PAUSE = 3600  # seconds


def deliver_due() -> int:
    """Deliver what waits for receivers that are due; returns how many events arrived."""
    now = timezone.now()
    Delivery.objects.filter(settled_at__lt=now - _KEPT_FOR).delete()
    waiting = Delivery.objects.waiting().filter(registration=OuterRef("pk"))
    due = Registration.objects.filter(Exists(waiting), Q(due_at=None) | Q(due_at__lte=now))
    return sum(_serve(registration) for registration in due)


def _serve(registration: Registration) -> int:
    """One process a receiver, so order is kept. Stops at the first failure."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    mine = Registration.objects.filter(pk=registration.pk)
    if not mine.filter(free).update(leased_until=now + _LEASE):
        return 0
    arrived, stop_at, failures, pause = 0, time.monotonic() + _BUDGET, 0, None
    while time.monotonic() < stop_at:
        delivery = registration.deliveries.waiting().first()
        if delivery is None:
            break
        if not _tried(registration, delivery):
            failures = min(registration.failures + 1, 20)
            pause = timezone.now() + timedelta(seconds=min(2**failures, _LONGEST_PAUSE))
            break
        arrived += 1
    # Another address may have been registered meanwhile; its deliveries are due at once.
    mine.filter(url=registration.url).update(failures=failures, due_at=pause)
    mine.update(leased_until=None)
    return arrived


def _tried(registration: Registration, delivery: Delivery) -> bool:
    """Send it once and keep what came of it; whether the receiver took it."""
    body = _body(delivery)
    code, message, system_error, status = "", "", False, 0
    try:
        status = post(registration.url, body, _headers(registration, body))
        code, taken = named(status), 200 <= status < 300
        if 300 <= status < 400:
            message = "Redirects are not followed."
    except (Unanswered, AddressRefused) as failure:
        message, system_error, taken = str(failure), True, False
        logger.warning("The webhook event %s does not reach its receiver: %s", delivery.pk, failure)
    now = timezone.now()
    Attempt.objects.create(
        delivery=delivery, at=now, response_code=code, response_message=message[:300], system_error=system_error
    )
    if taken or _is_given_up(delivery, status):
        outcome = Outcome.COMPLETED if taken else Outcome.FAILED
        Delivery.objects.filter(pk=delivery.pk).update(outcome=outcome, settled_at=now)
    return taken


def _is_given_up(delivery: Delivery, status: int) -> bool:
    """What the receiver itself keeps refusing, and tests. One that is away or broken is waited for, a day long."""
    if delivery.attempts.count() < ATTEMPTS:
        return False
    refused = 400 <= status < 500 and status not in _TRANSIENT
    return refused or delivery.event == Event.TEST or timezone.now() - delivery.changed_at > _WAITED_FOR


def _body(delivery: Delivery) -> bytes:
    event = {
        "EventName": delivery.event,
        "ResourceUri": delivery.resource_uri,
        "ResourceName": delivery.resource_name,
        "AuditUri": None,
        "ResourceChangeUtcDate": delivery.changed_at.isoformat(),
    }
    return json.dumps(event).encode()


def _headers(registration: Registration, body: bytes) -> dict[str, str]:
    header = "X-MS-Signature" if registration.signature_in_own_header else "Authorization"
    return {
        header: f"Signature {signature(body)}",
        "X-MS-Certificate-Url": f"{settings.PORTAL_URL}{CERTIFICATE_PATH}",
        "X-MS-Signature-Algorithm": ALGORITHM,
        "Content-Type": "application/json; charset=utf-8",
    }
