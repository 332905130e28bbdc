"""The organization a browser visits as its guest, so that a session that is over is opened again there (M15)."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "partnercenter_visit"


def visited(request: HttpRequest) -> UUID | None:
    """The tenant of the last sign-in as a guest; None when it was at home. It only says where to sign in."""
    return tenant_named(request.COOKIES.get(COOKIE, ""))


def tenant_named(text: str) -> UUID | None:
    """A tenant's id as text, read; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def remember(response: HttpResponse, tenant: UUID | None) -> None:
    """Keep where the person signed in; nothing for a sign-in at home."""
    if tenant is None:
        response.delete_cookie(COOKIE, path="/oidc/", samesite="Lax")
        return
    response.set_cookie(
        COOKIE, str(tenant), path="/oidc/", secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
