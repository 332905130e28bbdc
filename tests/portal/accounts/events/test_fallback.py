"""While no events arrive: the provider is asked about each session before an area that wants its word opens (M22)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import matrix
from accounts.access import AREAS, PLANNED, Preset, under_preset
from accounts.events.feed import heard
from accounts.models import PortalSession, SessionTokens, User
from accounts.roles import Role
from activity.models import AuditRecord
from tests.portal.accounts.conftest import Browser
from tests.portal.accounts.events.conftest import ADMIN_AGENTS

pytestmark = pytest.mark.requirement("M22")
PAGE = "/commerce/customers"
ORDINARY = "/dashboard/overview"
STILL_ADMIN_AGENT = {"active": True, "groups": [ADMIN_AGENTS], "wids": []}


@pytest.fixture(autouse=True)
def _customers_want_the_directorys_word(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As user management does; any page will do to try it."""
    areas = tuple(replace(area, needs_directory=area.key == "customers") for area in AREAS)
    monkeypatch.setattr(matrix, "AREAS", areas)
    matrix._live.cache_clear()
    yield
    matrix._live.cache_clear()


@pytest.fixture
def verified(browser: Browser) -> Browser:
    browser.sign_in(ORDINARY, "pwd", "mfa")
    return browser


def status(browser: Browser, path: str = PAGE) -> int:
    return browser.client.get(path).status_code


def test_while_events_arrive_nobody_is_asked(verified: Browser) -> None:
    heard()
    assert status(verified) == 200
    assert verified.op.introspected == []


def test_a_session_that_still_counts_opens_the_page(verified: Browser) -> None:
    verified.op.introspection = STILL_ADMIN_AGENT
    assert status(verified) == 200
    (asked,) = verified.op.introspected
    assert asked == {
        "token": "a-refresh-token",
        "token_type_hint": "refresh_token",
        "client_id": "10000000-0000-4000-8000-000000000001",
        "client_secret": "the-client-secret",
    }


def test_each_request_is_asked_about_anew(verified: Browser) -> None:
    verified.op.introspection = STILL_ADMIN_AGENT
    assert status(verified) == 200
    verified.op.introspection = {"active": True, "groups": [], "wids": []}
    assert status(verified) == 403
    assert User.objects.get().projected_roles == []
    assert AuditRecord.objects.filter(action="account.roles-changed-by-provider").count() == 1


def test_a_session_that_no_longer_counts_ends(verified: Browser) -> None:
    verified.op.introspection = {"active": False}
    response = verified.client.get(PAGE)
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/oidc/authenticate")
    assert PortalSession.objects.get().ended_at is not None
    assert AuditRecord.objects.filter(action="account.sessions-ended-by-provider").count() == 1
    assert status(verified, ORDINARY) == 302


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?q=a"])
def test_without_an_answer_the_page_is_refused_and_the_session_stays(verified: Browser, path: str) -> None:
    verified.op.down = {"introspect"}
    response = verified.client.get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response["Cache-Control"] == "no-store"
    text = response.content.decode()
    assert "The directory cannot be reached" in text
    assert f'href="{path}"' in text
    assert status(verified, ORDINARY) == 200
    assert PortalSession.objects.get().ended_at is None
    heard()
    assert status(verified, path) == 200


def test_a_form_is_refused_too_and_says_so(verified: Browser) -> None:
    verified.op.down = {"introspect"}
    response = verified.client.post("/commerce/customers/new", {"company_name": "Contoso"})
    assert response.status_code == 503
    assert "Nothing was changed" in response.content.decode()


@pytest.mark.parametrize("answer", [{}, {"active": "true"}, {"active": 1}])
def test_only_a_plain_yes_counts(verified: Browser, answer: dict[str, Any]) -> None:
    verified.op.introspection = answer
    assert status(verified) == 302


def test_a_yes_without_roles_leaves_them_as_they_are(verified: Browser) -> None:
    verified.op.introspection = {"active": True}
    assert status(verified) == 200
    assert User.objects.get().projected_roles == [Role.ADMIN_AGENT]


def test_a_provider_that_cannot_be_asked_is_no_yes(verified: Browser) -> None:
    SessionTokens.objects.update(refresh_token="")
    assert status(verified) == 503


def test_somebody_without_the_role_or_the_proof_is_not_asked_about(browser: Browser) -> None:
    browser.sign_in(ORDINARY, "pwd")
    assert "/oidc/step-up" in browser.client.get(PAGE)["Location"]
    User.objects.update(projected_roles=[])
    assert status(browser) == 403
    assert browser.op.introspected == []


def test_an_ordinary_page_asks_nobody(verified: Browser) -> None:
    verified.op.down = {"introspect"}
    assert status(verified, "/dashboard/me/profile") == 200
    assert verified.op.introspected == []


def test_at_a_provider_without_events_the_page_opens_as_ever(verified: Browser, settings: Settings) -> None:
    settings.SECURITY_EVENTS = False
    verified.op.down = {"introspect"}
    assert status(verified) == 200


def test_a_stranger_is_sent_to_sign_in(db: None) -> None:
    assert Client().get(PAGE).status_code == 302


def test_the_areas_that_want_it_are_those_of_the_requirement() -> None:
    rows = under_preset((*AREAS, *PLANNED), Preset.ALL_PAGES, None)
    assert {area.id for area in rows if area.needs_directory} == {"M8", "M19"}
