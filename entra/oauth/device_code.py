"""The device authorization endpoint, v1 and v2 (RFC 8628 section 3.1), and the device_code grant (section 3.4)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from entra.oauth.client_authentication import Caller, authenticate_client
from entra.oauth.devices import LIFETIME, Issued, issue_device_code, mark_redeemed, poll
from entra.oauth.errors import OAuthError, body, correlation_id
from entra.oauth.grants import check_still_valid, issue_refresh_token
from entra.oauth.parameters import read_of_device
from entra.oauth.refusals import refusal_logged
from entra.oauth.target import target_of
from entra.oauth.tenancy import check_tenancy, tenant_of
from entra.oauth.token_answer import check_tenant, needed, token_answer
from entra.signin.models import Protocol
from entra.signin.network import client_ip


@csrf_exempt  # called by applications, which say who they are in the request
@require_POST
def device_code(request: HttpRequest, segment: str, version: str) -> JsonResponse:
    """A code for the device to poll with, and one for a person to type in elsewhere."""
    correlation = correlation_id(request)
    try:
        application = authenticate_client(request, segment).application
        tenant = tenant_of(segment)
        check_tenancy(application, tenant)
        asked = read_of_device(request.POST, application, version)
    except OAuthError as error:
        response = JsonResponse(body(error, correlation), status=error.status)
    else:
        issued = issue_device_code(application=application, tenant=tenant, asked=asked, ip=client_ip(request))
        response = JsonResponse(_told(issued, version))
    response["Cache-Control"] = "no-store"
    response["client-request-id"] = str(correlation)
    return response


def by_device_code(
    request: HttpRequest, caller: Caller, segment: str, version: str, correlation: UUID
) -> dict[str, Any]:
    """Tokens once the person has approved. Raises OAuthError, while waiting too."""
    given = request.POST
    # MSAL Python sends the code under both names.
    row = poll(device_code=given.get("device_code") or needed(given, "code"), application=caller.application)
    grant = row.grant
    if grant is None:
        raise OAuthError("authorization_pending", 70016)
    check_tenant(grant, segment)
    grant.application = caller.application  # authenticated a moment ago; not to be read again
    with refusal_logged(request, grant, correlation, protocol=Protocol.DEVICE_CODE):
        check_still_valid(grant)
    target = target_of(given, grant, version)
    mark_redeemed(row)
    return token_answer(grant, caller, target, given, version, refresh_token=issue_refresh_token(grant))


def _told(issued: Issued, version: str) -> dict[str, Any]:
    address = f"{settings.ENTRA_URL}{reverse('oauth:device-login')}"
    seconds = int(LIFETIME.total_seconds())
    with translation.override("en"):
        message = _("To sign in, use a web browser to open the page %(address)s and enter the code %(code)s.")
    answer: dict[str, Any] = {
        "user_code": issued.user_code,
        "device_code": issued.device_code,
        "verification_uri": address,
        "expires_in": seconds,
        "interval": issued.interval,
        "message": message % {"address": address, "code": issued.user_code},
    }
    if version == "1.0":
        del answer["verification_uri"]
        answer |= {"verification_url": address, "expires_in": str(seconds), "interval": str(issued.interval)}
    return answer
