"""Calling the directory as the signed-in person: the session's refresh token, and what becomes of it."""

from typing import Any

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from accounts import sessions
from accounts.models import PortalSession, SessionTokens
from accounts.oidc.graph import NoDirectory, forget_token, graph_for
from msgraph.client import GraphRefused
from secretstore import unseal
from tests.portal.accounts.conftest import Browser
from tests.portal.directory import Directory


@pytest.fixture
def session(browser: Browser) -> PortalSession:
    browser.sign_in()
    return PortalSession.objects.get()


def request_of(session: PortalSession | None) -> Any:
    request = RequestFactory().get("/")
    request.portal_session = session  # type: ignore[attr-defined]
    assert sessions.of(request) is session
    return request


def test_the_token_is_fetched_once_and_the_new_refresh_token_kept(
    session: PortalSession, browser: Browser, directory: Directory
) -> None:
    directory.answers[("GET", "/v1.0/me")] = (200, {"id": "1"})
    client = graph_for(request_of(session))
    assert client.get("me") == {"id": "1"}
    assert client.get("me") == {"id": "1"}
    (refreshed,) = [form for form in browser.op.token_requests if form["grant_type"] == "refresh_token"]
    assert refreshed["refresh_token"] == "a-refresh-token"
    assert "User.ReadWrite.All" in refreshed["scope"]
    assert directory.asked[0][2] == "Bearer a-graph-token"
    stored = SessionTokens.objects.get(session=session).refresh_token
    assert "refresh" not in stored
    assert unseal(stored, purpose=f"portal-refresh-token:{session.pk}") == "the-next-refresh-token"


def test_a_forgotten_token_is_fetched_anew(session: PortalSession, browser: Browser, directory: Directory) -> None:
    directory.answers[("GET", "/v1.0/me")] = (200, {"id": "1"})
    client = graph_for(request_of(session))
    client.get("me")
    forget_token(session)
    client.get("me")
    used = [form["refresh_token"] for form in browser.op.token_requests if form["grant_type"] == "refresh_token"]
    assert used == ["a-refresh-token", "the-next-refresh-token"]


def test_after_a_step_up_the_directory_is_called_with_the_new_evidence(
    session: PortalSession, browser: Browser, directory: Directory
) -> None:
    """The directory grants nothing on a token that says nothing of MFA."""
    directory.answers[("GET", "/v1.0/me")] = (200, {"id": "1"})
    graph_for(request_of(session)).get("me")
    browser.sign_in("/commerce/customers", "pwd", "mfa")
    session.refresh_from_db()
    graph_for(request_of(session)).get("me")
    refreshed = [form for form in browser.op.token_requests if form["grant_type"] == "refresh_token"]
    assert len(refreshed) == 2


def test_a_refused_refresh_is_told_and_the_directory_not_asked(
    session: PortalSession, browser: Browser, directory: Directory
) -> None:
    browser.op.refused_refresh = "invalid_grant"
    with pytest.raises(GraphRefused, match="invalid_grant"):
        graph_for(request_of(session)).get("me")
    assert directory.asked == []


def test_without_a_session_or_a_directory_there_is_no_client(session: PortalSession, settings: Settings) -> None:
    with pytest.raises(NoDirectory):
        graph_for(request_of(None))
    settings.GRAPH_URL = ""
    with pytest.raises(NoDirectory):
        graph_for(request_of(session))


def test_a_session_without_a_refresh_token_has_no_directory(session: PortalSession, directory: Directory) -> None:
    SessionTokens.objects.update(refresh_token="")
    with pytest.raises(NoDirectory):
        graph_for(request_of(session)).get("me")
