"""Where the provider pushes security events to (RFC 8935)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.access import access_rule
from accounts.events.feed import heard
from accounts.events.refusals import error_code
from accounts.events.services import receive
from accounts.oidc.jwts import TokenRejected
from accounts.oidc.provider import ProviderUnavailable

_MEDIA_TYPE = "application/secevent+jwt"


@access_rule("public")
@csrf_exempt
@require_POST
def security_events(request: HttpRequest) -> HttpResponse:
    """Take one event, trusted for its signature alone. A repeated one is taken again and changes nothing."""
    if request.content_type != _MEDIA_TYPE:
        return _refused("invalid_request", f"send {_MEDIA_TYPE}")
    try:
        receive(request.body.decode("ascii"))
    except UnicodeDecodeError:
        return _refused("invalid_request", "not a token")
    except TokenRejected as rejected:
        return _refused(error_code(rejected.reason), rejected.reason.value)
    except ProviderUnavailable:  # its keys could not be fetched; it will send the event again
        response = HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        heard()
        response = HttpResponse(status=HTTPStatus.ACCEPTED)
    response["Cache-Control"] = "no-store"
    return response


def _refused(code: str, description: str) -> HttpResponse:
    response = JsonResponse({"err": code, "description": description}, status=HTTPStatus.BAD_REQUEST)
    response["Cache-Control"] = "no-store"
    return response
