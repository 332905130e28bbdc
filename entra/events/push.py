"""Pushing events to their receivers, in order, one after the other (RFC 8935)."""

import logging
import time
from datetime import timedelta
from http import HTTPStatus

import requests
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from entra.events.models import OutgoingEvent, Stream
from entra.events.security_event_token import TYP, security_event_token

logger = logging.getLogger(__name__)
_TIMEOUT = 3  # seconds; whoever made the change waits for the first attempt
_BUDGET = 3  # seconds that one process pushes at a stretch
_LEASE = timedelta(seconds=15)  # longer than budget and timeout together
_LONGEST_PAUSE = 60  # seconds
# What the receiver may see differently a moment later (RFC 8935 section 2.4): it has not fetched the new key yet.
_PASSING = frozenset({"invalid_key", "authentication_failed", "access_denied"})


class _NotDelivered(Exception):
    """The receiver did not answer, or not with something that settles the event."""


def push_soon() -> None:
    """The first attempt, right after the change. It may fail: the loop tries again, and receivers poll."""
    try:
        push_due()
    except DatabaseError:
        logger.exception("Security events could not be read; they stay in the outbox")


def push_due() -> int:
    """Push what waits for receivers that are due; returns how many events arrived."""
    due = Q(due_at=None) | Q(due_at__lte=timezone.now())
    return sum(_push(stream) for stream in Stream.objects.filter(due).exclude(endpoint="") if _has_waiting(stream))


def _has_waiting(stream: Stream) -> bool:
    return OutgoingEvent.objects.filter(stream=stream, settled_at=None).exists()


def _push(stream: Stream) -> int:
    """Deliver in order until nothing waits, one fails, or time is up. One process a stream, so order is kept."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    if not Stream.objects.filter(free, pk=stream.pk).update(leased_until=now + _LEASE):
        return 0
    arrived, stop_at = 0, time.monotonic() + _BUDGET
    failures, pause, error = 0, None, ""
    with requests.Session() as connection:
        try:
            while time.monotonic() < stop_at:
                event = OutgoingEvent.objects.filter(stream=stream, settled_at=None).first()
                if event is None:
                    break
                refusal = _deliver(connection, stream, event)
                OutgoingEvent.objects.filter(pk=event.pk).update(settled_at=timezone.now(), refusal=refusal)
                arrived += not refusal
        except _NotDelivered as failure:
            failures = min(stream.failures + 1, 20)
            pause = timezone.now() + timedelta(seconds=min(2**failures, _LONGEST_PAUSE))
            error = str(failure)[:200]
            logger.warning("Security events do not reach %s: %s", stream, error)
    Stream.objects.filter(pk=stream.pk).update(failures=failures, due_at=pause, last_error=error, leased_until=None)
    return arrived


def _deliver(connection: requests.Session, stream: Stream, event: OutgoingEvent) -> str:
    """Send one event; returns why the receiver refuses it for good, "" when it took it. Raises _NotDelivered."""
    try:
        response = connection.post(
            stream.endpoint,
            data=security_event_token(event),
            headers={"Content-Type": f"application/{TYP}", "Accept": "application/json"},
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise _NotDelivered(type(error).__name__) from error
    if response.status_code in {HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT}:
        return ""
    reason = _refusal(response) if response.status_code == HTTPStatus.BAD_REQUEST else ""
    if not reason or reason in _PASSING:
        raise _NotDelivered(f"{response.status_code} {reason}".strip())
    logger.error("%s refuses the event %s: %s", stream, event.jti, reason)
    return reason


def _refusal(response: requests.Response) -> str:
    """The error code of a 400 answer; "" when it is none of RFC 8935's."""
    try:
        answer = response.json()
    except ValueError:
        return ""
    return str(answer.get("err", ""))[:100] if isinstance(answer, dict) else ""
