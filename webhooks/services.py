"""The verbs: register a receiver, change it, test it, tell it of something."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor
from activity.services import record_audit
from webhooks.addresses import checked_url
from webhooks.audit import WebhookAction
from webhooks.models import Delivery, Event, Registration

_TESTS, _TESTS_WITHIN = 2, timedelta(minutes=1)


class AlreadyRegistered(Exception):
    """The partner has a registration; it can be changed. Nothing was written."""


class NotRegistered(Exception):
    """The partner has no registration, or it does not ask for test events. Nothing was written."""


class TooManyTests(Exception):
    """Two test events a minute are enough; nothing was written."""

    def __init__(self, *, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def register(*, user: Actor, url: str, events: Sequence[Event], signature_in_own_header: bool) -> Registration:
    """Raises AlreadyRegistered, addresses.AddressRefused."""
    checked_url(url)
    try:
        with transaction.atomic():
            registration = Registration.objects.create(
                partner_id=user.tenant_id,
                url=url,
                events=[event.value for event in events],
                signature_in_own_header=signature_in_own_header,
                changed_at=timezone.now(),
            )
            _audit(WebhookAction.REGISTERED, user, registration)
    except IntegrityError as error:
        raise AlreadyRegistered from error
    return registration


@transaction.atomic
def change(*, user: Actor, url: str, events: Sequence[Event], signature_in_own_header: bool) -> Registration:
    """What waits goes to the new address, at once. Raises NotRegistered, addresses.AddressRefused."""
    checked_url(url)
    registration = Registration.objects.visible_to(user).select_for_update().first()
    if registration is None:
        raise NotRegistered
    registration.url, registration.events = url, [event.value for event in events]
    registration.signature_in_own_header = signature_in_own_header
    registration.changed_at = timezone.now()
    registration.failures, registration.due_at = 0, None
    registration.save()
    _audit(WebhookAction.CHANGED, user, registration)
    return registration


@transaction.atomic
def send_test(*, user: Actor) -> Delivery:
    """Put a test event into the outbox. Raises NotRegistered, TooManyTests."""
    registration = Registration.objects.visible_to(user).select_for_update().first()
    if registration is None or Event.TEST not in registration.events:
        raise NotRegistered
    now = timezone.now()
    recent = registration.deliveries.filter(event=Event.TEST, changed_at__gt=now - _TESTS_WITHIN)
    moments = list(recent.order_by("changed_at").values_list("changed_at", flat=True))
    if len(moments) >= _TESTS:
        wait = moments[-_TESTS] + _TESTS_WITHIN - now
        raise TooManyTests(wait=max(1, round(wait.total_seconds())))
    key = uuid4()
    uri = f"{settings.PORTAL_URL}/webhooks/v1/registration/validationEvents/{key}"
    test = _put(registration, Event.TEST, resource_name="test", resource_uri=uri, at=now, key=key)
    _audit(WebhookAction.TESTED, user, registration)
    return test


def announce(event: Event, *, partner_id: UUID, resource_name: str, path: str) -> None:
    """Tell the partner's receiver, if it asked for such events, of a change to the resource at this path of the API.

    Call it inside the transaction of the change: both are kept or neither.
    """
    registration = Registration.objects.filter(partner_id=partner_id).first()
    if registration is not None and event in registration.events:
        uri = f"{settings.PORTAL_URL}{path}"
        _put(registration, event, resource_name=resource_name, resource_uri=uri, at=timezone.now(), key=uuid4())


def _put(
    registration: Registration, event: Event, *, resource_name: str, resource_uri: str, at: datetime, key: UUID
) -> Delivery:
    return Delivery.objects.create(
        id=key,
        registration=registration,
        event=event.value,
        resource_name=resource_name,
        resource_uri=resource_uri,
        changed_at=at,
    )


def _audit(action: WebhookAction, user: Actor, registration: Registration) -> None:
    record_audit(
        action=action,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=registration.url.partition("?")[0][:255],  # a query may hold the receiver's key
        detail={"events": registration.events},
    )
