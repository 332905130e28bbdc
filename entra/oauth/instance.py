"""What Microsoft's client libraries look up before they sign in: the hosts of the provider, and whose an account is."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from entra.directory.services import find_domain
from entra.federation.services import federation_of
from entra.oauth.errors import OAuthError, body, correlation_id
from entra.oauth.names import COMMON


@require_safe
def instance_discovery(request: HttpRequest) -> JsonResponse:
    """This provider knows one instance: itself."""
    asked = request.GET.get("authorization_endpoint", "")
    if not asked.startswith(f"{settings.ENTRA_URL}/"):
        error = OAuthError("invalid_instance", 50049)
        return JsonResponse(body(error, correlation_id(request)), status=HTTPStatus.BAD_REQUEST)
    segment = asked.removeprefix(f"{settings.ENTRA_URL}/").partition("/")[0] or min(COMMON)
    host = urlsplit(settings.ENTRA_URL).netloc
    return JsonResponse(
        {
            "tenant_discovery_endpoint": f"{settings.ENTRA_URL}/{segment}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }
    )


@require_safe
def user_realm(request: HttpRequest, name: str) -> JsonResponse:
    """Whether a name signs in here or at its own provider. Answers by its domain: nobody learns who exists."""
    del request
    domain = find_domain(name)
    answer: dict[str, Any] = {"ver": "1.0", "account_type": "Unknown"}
    if domain is not None:
        federated = federation_of(name)
        answer |= {
            "account_type": "Federated" if federated else "Managed",
            "domain_name": domain.name,
            "cloud_instance_name": urlsplit(settings.ENTRA_URL).netloc,
        }
        if federated:
            answer["federation_protocol"] = "SAMLP"
    return JsonResponse(answer)
