"""A browser in which John is signed in, at the applications of these tests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from tests.entra.conftest import REDIRECT_URI, RelyingParty


@pytest.fixture
def signed_in_rp(rp: RelyingParty, john: User, sign_in: Callable[..., None]) -> RelyingParty:
    sign_in(rp.browser, john)
    return rp


@pytest.fixture
def lenient_rp(signed_in_rp: RelyingParty, application: Application) -> RelyingParty:
    """The certification suite's Basic plan sends requests without PKCE: a client flag lets it (max 5; ASVS 10.4.6)."""
    application.require_pkce = False
    application.save()
    return signed_in_rp


@pytest.fixture
def stranger_browser() -> Client:
    return Client()


@pytest.fixture
def public_rp(signed_in_rp: RelyingParty, fabrikam: Tenant) -> RelyingParty:
    application = register_application(
        client_id="10000000-0000-4000-8000-00000000000b",
        tenant=fabrikam,
        name="Desktop tool",
        redirect_uris=[REDIRECT_URI],
        public=True,
        preauthorized=True,
    )
    return RelyingParty(signed_in_rp.browser, application, str(fabrikam.pk))


@pytest.fixture
def other_application(fabrikam: Tenant) -> Application:
    return register_application(
        client_id="10000000-0000-4000-8000-00000000000c",
        tenant=fabrikam,
        name="Another",
        redirect_uris=[REDIRECT_URI],
        secret="another-secret",
        preauthorized=True,
    )


def error_of(response: Any) -> tuple[str, int]:
    assert response.status_code in {400, 401}, response.content
    return response.json()["error"], response.json()["error_codes"][0]
