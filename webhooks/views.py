from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from webhooks.signing import certificate


@access_rule("public")
@require_safe
@cache_control(public=True, max_age=3600)
def signing_certificate(request: HttpRequest) -> HttpResponse:
    """What receivers check an event's signature with (M16)."""
    return HttpResponse(certificate(), content_type="application/pkix-cert")
