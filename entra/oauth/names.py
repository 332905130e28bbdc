"""Endpoint addresses and subjects: the names this provider goes by."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

COMMON = frozenset({"common", "organizations"})
TENANT_REGION = "WW"
"""Where every organization here is, in the words of `tenant_region_scope`."""


def endpoint(segment: str, name: str, version: str) -> str:
    """The address of an OAuth endpoint below a tenant's path segment."""
    prefix = "oauth2/v2.0" if version == "2.0" else "oauth2"
    return f"{settings.ENTRA_URL}/{segment}/{prefix}/{name}"


def pairwise_subject(client_id: UUID, account_id: UUID) -> str:
    """One person has another `sub` at each application (OIDC Core 8.1)."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"sub:" + client_id.bytes + account_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
