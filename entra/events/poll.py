"""The poll endpoint (RFC 8936): what a push missed is fetched here, and acknowledged with the next request."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from entra.events.models import OutgoingEvent, Stream
from entra.events.security_event_token import security_event_token
from entra.events.services import acknowledge, find_stream

_MOST = 100


class _Refused(msgspec.Struct, kw_only=True):
    err: str
    description: str = ""


class _Asked(msgspec.Struct, kw_only=True, rename="camel"):
    """The request of section 2.4. It is always answered at once: a waiting request would hold a worker."""

    max_events: int = _MOST
    ack: list[UUID] = []
    set_errs: dict[UUID, _Refused] = {}


@csrf_exempt  # authorized by the stream's secret alone; no cookie is looked at
@require_POST
def poll(request: HttpRequest, audience: UUID) -> JsonResponse:
    """Settle what the receiver acknowledges or refuses, and hand out what waits, oldest first."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    stream = find_stream(audience, secret) if scheme.lower() == "bearer" else None
    if stream is None:
        response = JsonResponse({"err": "authentication_failed"}, status=HTTPStatus.UNAUTHORIZED)
        response["WWW-Authenticate"] = "Bearer"
        return response
    try:
        asked = msgspec.json.decode(request.body or b"{}", type=_Asked)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return JsonResponse({"err": "invalid_request"}, status=HTTPStatus.BAD_REQUEST)
    refusals = {jti: f"{refused.err} {refused.description}".strip() for jti, refused in asked.set_errs.items()}
    acknowledge(stream, jtis=asked.ack, refusals=refusals)
    response = JsonResponse(_waiting(stream, most=max(0, min(asked.max_events, _MOST))))
    response["Cache-Control"] = "no-store"
    return response


def _waiting(stream: Stream, *, most: int) -> dict[str, Any]:
    found = list(OutgoingEvent.objects.filter(stream=stream, settled_at=None)[: most + 1])
    sets = {str(event.jti): security_event_token(event) for event in found[:most]}
    return {"sets": sets, "moreAvailable": len(found) > most}
