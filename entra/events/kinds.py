"""The events that receivers are told of, by their published names (OpenID CAEP 1.0, RISC 1.0)."""

from django.db import models

_CAEP = "https://schemas.openid.net/secevent/caep/event-type"
_RISC = "https://schemas.openid.net/secevent/risc/event-type"


class EventType(models.TextChoices):
    SESSION_REVOKED = f"{_CAEP}/session-revoked"
    TOKEN_CLAIMS_CHANGE = f"{_CAEP}/token-claims-change"
    CREDENTIAL_CHANGE = f"{_CAEP}/credential-change"
    ACCOUNT_DISABLED = f"{_RISC}/account-disabled"
    ACCOUNT_ENABLED = f"{_RISC}/account-enabled"
    # No published profile has these two: consent to an application was taken back, for one person or a whole tenant.
    GRANT_REVOKED = "urn:partnercenter:event:grant-revoked"
    APPLICATION_REVOKED = "urn:partnercenter:event:application-revoked"


def event_types() -> list[tuple[str, str]]:
    return list(EventType.choices)
