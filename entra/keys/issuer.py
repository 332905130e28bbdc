"""The name this provider signs with, one for each tenant."""

from uuid import UUID

from django.conf import settings


def issuer(tenant_id: UUID | str, version: str) -> str:
    """The `iss` of tokens: v2 ends in /v2.0, v1 in a slash."""
    return f"{settings.ENTRA_URL}/{tenant_id}/v2.0" if version == "2.0" else f"{settings.ENTRA_URL}/{tenant_id}/"
