"""The authorization endpoint, v1 and v2 (OIDC Core 3.1.2)."""

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from activity.prepared import insert
from entra.apps.models import Application
from entra.apps.services import find_application
from entra.directory.models import Tenant
from entra.oauth.answer import answer, send_error
from entra.oauth.errors import OAuthError, correlation_id
from entra.oauth.loopback import without_loopback_port
from entra.oauth.pages import error_page
from entra.oauth.parameters import parameters_of, read, refuse_nul, response_mode
from entra.oauth.tenancy import check_tenancy, tenant_of
from entra.signin.decide import Ask
from entra.signin.flows import SeeOther, advance, draft_interaction
from entra.signin.gather import weigh
from entra.signin.request import SignInRequest


@csrf_exempt  # a foreign page may start a sign-in; nothing is answered to its POST but "come by GET"
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest, segment: str, version: str) -> HttpResponse:
    """Validate, then answer at once, or start an interaction and go to its first page."""
    given = parameters_of(request)
    if request.method == "POST":
        # A POST from another site carries no Lax cookie, so the browser's session is only seen on a GET.
        return SeeOther(f"{request.path}?{given.urlencode()}")
    correlation = correlation_id(request)
    try:
        refuse_nul(given)
        tenant = tenant_of(segment)
        application = _application(given, tenant)
        _check_redirect(given, application)
    except OAuthError as error:
        return error_page(request, error, correlation)  # the redirect address cannot be trusted (RFC 6749 4.1.2.1)
    try:
        asked = read(given, application, version)
    except OAuthError as error:
        return send_error(
            request,
            error,
            redirect_uri=given.get("redirect_uri", ""),
            state=given.get("state"),
            mode=response_mode(given),
            tenant_id=tenant.pk if tenant else application.tenant_id,
            version=version,
        )
    return _begin(request, application, asked=asked, tenant=tenant, correlation=correlation)


def _begin(
    request: HttpRequest,
    application: Application,
    *,
    asked: SignInRequest,
    tenant: Tenant | None,
    correlation: uuid.UUID,
) -> HttpResponse:
    with transaction.atomic():  # a new browser session, the interaction and where it stands: all or nothing
        interaction = draft_interaction(request, asked=asked, tenant=tenant, correlation_id=correlation)
        weighing = weigh(request, interaction, application)
        if isinstance(weighing.decision, Ask):
            response = advance(request, interaction, weighing)
            insert(interaction)
            return response
    return answer(request, interaction, weighing)


def _application(given: QueryDict, tenant: Tenant | None) -> Application:
    client_id = given.get("client_id")
    if not client_id:
        raise OAuthError("invalid_request", 900144, "client_id")
    application = find_application(client_id)
    if application is None:
        raise OAuthError("unauthorized_client", 700016)
    if not application.enabled:
        raise OAuthError("unauthorized_client", 7000112)
    check_tenancy(application, tenant)
    return application


def _check_redirect(given: QueryDict, application: Application) -> None:
    """Exact comparison, character by character (RFC 9700 2.1), but for the port of a desktop tool on this machine."""
    asked = given.get("redirect_uri")
    if not asked:
        raise OAuthError("invalid_request", 900144, "redirect_uri")
    if len(given.getlist("redirect_uri")) > 1:
        raise OAuthError("invalid_request", 50011)
    if asked in application.redirect_uris:
        return
    loopback = without_loopback_port(asked) if application.public else None
    if loopback is None or loopback not in map(without_loopback_port, application.redirect_uris):
        raise OAuthError("invalid_request", 50011)
