"""The server does not start with a signing key that cannot sign."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks

from webhooks.signing import KeyUnusable, signature


@checks.register(checks.Tags.security)
def check_signing_key(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    if not settings.WEBHOOK_SIGNING_PEM:
        return []  # generated when it is first needed
    try:
        signature(b"")
    except KeyUnusable:
        return [
            checks.Error(
                "WEBHOOK_SIGNING_PEM is not an RSA key with its own certificate.",
                hint="Put both into it, PEM, one after the other; WEBHOOK_SIGNING_PEM_FILE names a file.",
                id="webhooks.E001",
            )
        ]
    return []
