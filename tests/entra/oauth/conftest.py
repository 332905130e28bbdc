"""A browser in which John is signed in, at the applications of these tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from entra.apps.models import Application
from entra.directory.models import User
from tests.entra.conftest import RelyingParty


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
