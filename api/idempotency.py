"""A change that is repeated with the same MS-RequestId is made once and answered the same."""

import base64
import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from api.caller import Caller
from api.faults import Code, Fault
from api.models import REMEMBERED_FOR, RememberedAnswer
from secretstore import seal, unseal

_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEPT = ("Content-Type", "Location", "ETag")


def once(request: HttpRequest, caller: Caller, request_id: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a call; a change that this caller made before under this id is not made again.

    The note of it and the change are one transaction: both are kept or neither, so a refused call may be repeated.
    Raises Fault, also where the id stood for another call.
    """
    if request.method not in _CHANGES or request.headers.get("MS-RequestId") != request_id:
        return answer()
    key = {"tenant_id": caller.tenant_id, "caller": _name(caller), "request_id": request_id}
    call_hash = _hash(request)
    RememberedAnswer.objects.filter(**key, at__lt=timezone.now() - REMEMBERED_FOR).delete()
    try:
        with transaction.atomic():
            note = _claim(key, call_hash)
            response = answer()
            note.answer = seal(_flat(response), purpose=_purpose(note))
            note.save(update_fields=["answer"])
            return response
    except _AlreadyAnswered:
        return _again(RememberedAnswer.objects.get(**key), call_hash)


class _AlreadyAnswered(Exception):
    pass


def _claim(key: dict[str, object], call_hash: str) -> RememberedAnswer:
    """Whoever comes second while the first is at work waits here for its end (the unique index)."""
    try:
        with transaction.atomic():
            return RememberedAnswer.objects.create(**key, call_hash=call_hash, at=timezone.now())
    except IntegrityError as error:
        raise _AlreadyAnswered from error


def _again(note: RememberedAnswer, call_hash: str) -> HttpResponse:
    if note.call_hash != call_hash:
        raise Fault(
            HTTPStatus.CONFLICT,
            Code.ALREADY_EXISTS,
            "This MS-RequestId stood for another call in the last 24 hours. Use a new one for each change.",
            data=("MS-RequestId",),
        )
    kept = json.loads(unseal(note.answer, purpose=_purpose(note)))
    response = HttpResponse(base64.b64decode(kept["body"]), status=kept["status"])
    del response["Content-Type"]
    for name, value in kept["headers"].items():
        response[name] = value
    return response


def _flat(response: HttpResponse) -> str:
    headers = {name: response[name] for name in _KEPT if name in response}
    body = base64.b64encode(response.content).decode()
    return json.dumps({"status": response.status_code, "headers": headers, "body": body})


def _purpose(note: RememberedAnswer) -> str:
    return f"api-answer:{note.pk}"


def _name(caller: Caller) -> str:
    return f"{caller.token.application_id} {caller.user.pk if caller.user else ''}"


def _hash(request: HttpRequest) -> str:
    call = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(call).hexdigest()
