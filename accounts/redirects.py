"""Where a person may be sent after signing in: a path of this portal, nothing else."""

from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.matrix import segments

_LONGEST = 2000
_NEVER = ("/oidc/", "/signed-out")


def safe_next(candidate: str | None) -> str:
    """Return the path to go on to, or `/`. Refuses other hosts, schemes, `//`, backslashes and the sign-in pages."""
    if not candidate or len(candidate) > _LONGEST or not candidate.startswith("/") or candidate.startswith(_NEVER):
        return "/"
    # Addresses come here percent-encoded; what is not printable was put in by hand, and no database keeps a NUL.
    if not candidate.isprintable() or not url_has_allowed_host_and_scheme(candidate, allowed_hosts=None):
        return "/"
    return candidate if segments(urlsplit(candidate).path) is not None else "/"


def sign_in_url(path: str, tenant: UUID | None = None) -> str:
    """Return the URL that signs in, at this tenant if one is named, and goes on to `path`."""
    at = {"tenant": str(tenant)} if tenant else {}
    return f"{reverse('oidc_authentication_init')}?{urlencode({'next': path, **at})}"


def with_next(name: str, path: str) -> str:
    """Return the URL of a page that goes on to `path` afterwards."""
    return f"{reverse(name)}?{urlencode({'next': path})}"
