"""Endpoint addresses, subjects, scopes: the names this provider goes by."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from entra.apps.permissions import GraphPermission

GRAPH_AUDIENCE = "00000003-0000-0000-c000-000000000000"
COMMON = frozenset({"common", "organizations"})
OPENID_SCOPES = ("openid", "profile", "email", "address", "phone", "offline_access")
SCOPES = (*OPENID_SCOPES, *(permission.value for permission in GraphPermission))


def endpoint(segment: str, name: str, version: str) -> str:
    """The address of an OAuth endpoint below a tenant's path segment."""
    prefix = "oauth2/v2.0" if version == "2.0" else "oauth2"
    return f"{settings.ENTRA_URL}/{segment}/{prefix}/{name}"


def pairwise_subject(client_id: UUID, account_id: UUID) -> str:
    """One person has another `sub` at each application (OIDC Core 8.1)."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"sub:" + client_id.bytes + account_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
