"""Grants that may not be used any more: refused, and told of in the sign-in log."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import HttpRequest

from entra.oauth.errors import OAuthError
from entra.oauth.models import Grant
from entra.signin.models import ClientApp, Protocol
from entra.signin.token_log import record_refused_grant


@contextmanager
def refusal_logged(
    request: HttpRequest,
    grant: Grant,
    correlation: UUID,
    *,
    client_app: ClientApp = ClientApp.BROWSER,
    protocol: Protocol = Protocol.OAUTH2,
) -> Iterator[None]:
    """Keep a row in the log of the grant's tenant for an OAuthError raised within."""
    try:
        yield
    except OAuthError as error:
        record_refused_grant(
            request,
            account=grant.account,
            application=grant.application,
            amr=list(grant.amr),
            code=error.code,
            correlation=correlation,
            client_app=client_app,
            protocol=protocol,
        )
        raise
