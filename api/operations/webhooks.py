"""Webhooks: the registration, the events there are, and a test of the way to the receiver."""

from functools import partial
from http import HTTPStatus
from typing import Any

from api.call import Call
from api.dispatch import Reply
from api.faults import Code, Fault, bad_input, conflict, not_found
from api.registry import Auth, Operation, Subject, roles
from api.structs import webhooks as shapes
from webhooks.addresses import AddressRefused
from webhooks.models import Delivery, Event, Registration
from webhooks.services import AlreadyRegistered, NotRegistered, TooManyTests, change, register, send_test


def _get(call: Call) -> shapes.Registration:
    registration = Registration.objects.visible_to(call.caller).first()
    if registration is None:
        raise not_found("The webhook registration")
    return _shown(registration)


def _shown(registration: Registration) -> shapes.Registration:
    return shapes.Registration(
        subscriber_id=str(registration.subscriber_id),
        webhook_url=registration.url,
        webhook_events=registration.events,
        signature_token_to_ms_signature_header=registration.signature_in_own_header,
        last_modified_timestamp=registration.changed_at,
    )


def _post(call: Call) -> Reply:
    try:
        registration = register(user=call.caller, **_wanted(call))
    except AlreadyRegistered as error:
        raise conflict("There is a registration: change it with PUT.") from error
    except AddressRefused as refused:
        raise bad_input(f"webhookUrl: {refused}", "webhookUrl") from refused
    return Reply(_shown(registration), headers={"Location": "/webhooks/v1/registration"})


def _put(call: Call) -> shapes.Registration:
    try:
        return _shown(change(user=call.caller, **_wanted(call)))
    except NotRegistered as error:
        raise not_found("The webhook registration") from error
    except AddressRefused as refused:
        raise bad_input(f"webhookUrl: {refused}", "webhookUrl") from refused


def _wanted(call: Call) -> dict[str, Any]:
    body = call.body(shapes.NewRegistration)
    by_name = {event.value.lower(): event for event in Event}
    unknown = [name for name in body.webhook_events if name.lower() not in by_name]
    if unknown or not body.webhook_events:
        raise bad_input(f"webhookEvents takes one or more of {', '.join(Event)}.", "webhookEvents")
    return {
        "url": body.webhook_url,
        "events": list(dict.fromkeys(by_name[name.lower()] for name in body.webhook_events)),
        "signature_in_own_header": bool(body.signature_token_to_ms_signature_header),
    }


def _events(call: Call) -> list[str]:
    return [event.value for event in Event]


def _test(call: Call) -> shapes.TestSent:
    try:
        return shapes.TestSent(str(send_test(user=call.caller).pk))
    except NotRegistered as error:
        raise bad_input(f"Register a webhook for {Event.TEST} events first.", "webhookEvents") from error
    except TooManyTests as error:
        raise Fault(
            HTTPStatus.TOO_MANY_REQUESTS,
            Code.TOO_MANY_CALLS,
            "Two test events can be sent in a minute.",
            headers={"Retry-After": str(error.wait)},
        ) from error


def _result(call: Call) -> shapes.ValidationEvent:
    key = call.guid("correlation_id", "The test event")
    rows = Delivery.objects.visible_to(call.caller).select_related("registration")
    test = rows.filter(pk=key, event=Event.TEST).first()
    if test is None:
        raise not_found("The test event")
    return shapes.ValidationEvent(
        correlation_id=str(test.pk),
        partner_id=str(call.caller.tenant_id),
        status=test.outcome,
        callback_url=test.registration.url,
        results=[
            shapes.Result(each.response_code, each.response_message, each.system_error, each.at)
            for each in test.attempts.all()
        ],
    )


_row = partial(
    Operation,
    subject=Subject.OTHER,
    auth=Auth.BOTH,
    auth_2021=Auth.BOTH,
    roles=roles("A G"),
    prefix="webhooks/v1",
)

OPERATIONS = [
    _row("GET", "registration", _get, summary="Get the webhook registration", gives=shapes.Registration),
    _row(
        "POST",
        "registration",
        _post,
        summary="Register a webhook",
        takes=shapes.NewRegistration,
        gives=shapes.Registration,
        status=HTTPStatus.CREATED,
    ),
    _row(
        "PUT",
        "registration",
        _put,
        summary="Replace the webhook registration",
        takes=shapes.NewRegistration,
        gives=shapes.Registration,
    ),
    _row("GET", "registration/events", _events, summary="List the events there are", gives=list[str]),
    _row(
        "POST",
        "registration/validationEvents",
        _test,
        summary="Send a test event to the webhook",
        gives=shapes.TestSent,
        status=HTTPStatus.CREATED,
    ),
    _row(
        "GET",
        "registration/validationEvents/{correlation_id}",
        _result,
        summary="Get what became of a test event",
        gives=shapes.ValidationEvent,
    ),
]
