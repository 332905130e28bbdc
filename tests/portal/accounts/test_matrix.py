"""Every URL of the site map × every role, none, and every pair × signed out, no MFA, MFA, blocked."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings as configuration
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from pytest_django import Settings

from accounts import refusals
from accounts.checks import site_map
from accounts.middleware import AccessMiddleware
from accounts.models import User
from accounts.roles import Role
from tests.portal.conftest import SignIn

A, S, H = Role.ADMIN_AGENT, Role.SALES_AGENT, Role.HELPDESK_AGENT
B, G, Y = Role.BILLING_ADMIN, Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN
C, O = Role.CPV_ADMIN, Role.OPERATOR  # noqa: E741 - the columns of the table
ANYONE, EVERYBODY = "any user of a CSP, advisor or operator tenant", "signed in or not"

# Typed by hand from requirement section 1; the longest matching line counts.
EXPECTED: list[tuple[str, Any, bool]] = [
    ("/dashboard/overview", ANYONE, False),
    ("/dashboard/servicehealth", ANYONE, False),
    ("/commerce", {A, S, H}, True),
    ("/dashboard/v2/support/customers", {A, H}, True),
    ("/dashboard/support/csp/customers", {A, H}, True),
    ("/dashboard/billing", {A, B, G}, True),
    ("/dashboard/security", {A, Y}, True),
    ("/dashboard/account/users", {A, G}, True),
    ("/dashboard/account/security-requirements", {A, G, C}, False),
    ("/dashboard/help/api/token-forge", ANYONE, True),  # the demo alone: what is made there can carry MFA
    ("/dashboard/help/api/faults", ANYONE, True),  # the demo alone: what is started there can hit everybody's calls
    ("/dashboard/help", ANYONE, False),
    ("/dashboard/me", ANYONE, False),
    ("/dashboard/search", ANYONE, False),
    ("/oidc", EVERYBODY, False),
    ("/signed-out", EVERYBODY, False),
    ("/language", EVERYBODY, False),
    ("/theme", EVERYBODY, False),
    ("/health-feed", EVERYBODY, False),
    ("/webhooks/certificate", EVERYBODY, False),
    ("/security-mails", EVERYBODY, False),
    ("/healthz", EVERYBODY, False),
    ("/readyz", EVERYBODY, False),
    ("/v1", EVERYBODY, False),  # M20: let through to the API's own registry, whose tests are in tests/portal/api
    ("/webhooks/v1", EVERYBODY, False),  # M20 too
]
HELD = [(), *((role,) for role in Role if role is not Role.USER)]
HELD += list(combinations([role for role in Role if role is not Role.USER], 2))
URLS = sorted({page.path for page in site_map(get_resolver().url_patterns) if page.path})
URLS = [url for url in URLS if not url.startswith(("/v1/", "/webhooks/v1/"))]  # as /v1, and there are very many
LEVELS = ("no MFA", "MFA", "blocked")


def typed(url: str) -> tuple[Any, bool]:
    if url == "/":
        return EVERYBODY, False
    found = [line for line in EXPECTED if url == line[0] or url.startswith(f"{line[0]}/")]
    assert found, f"{url} is in no line typed from the requirement"
    return found[0][1:]


def expected(url: str, counting: set[Role], any_user: bool, level: str) -> str:
    who, mfa = typed(url)
    if who is EVERYBODY:
        return "open"
    if level == "signed out":
        return "sign in"
    if not (any_user if who is ANYONE else counting & who):
        return "forbidden"
    if not mfa or level == "MFA":
        return "open"
    return "verify" if level == "no MFA" else "blocked"


@pytest.fixture
def observe(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Ask the enforcing middleware itself, with a real session; pages behind it and texts of refusals left out."""
    monkeypatch.setattr(refusals, "render", lambda request, name, context, status: HttpResponse(name, status=status))
    gate = AccessMiddleware(lambda request: HttpResponse("open"))

    def observed(url: str, client: Client | None) -> str:
        request = RequestFactory().get(url)
        if client is not None:
            request.COOKIES[configuration.SESSION_COOKIE_NAME] = client.cookies[configuration.SESSION_COOKIE_NAME].value
        request.user = AnonymousUser()
        response = gate(request)
        meanings = {
            "open": "open",
            "accounts/forbidden.html": "forbidden",
            "accounts/blocked.html": "blocked",
        }
        if response.status_code == 302:
            return {"/oidc/authenticate": "sign in", "/oidc/step-up": "verify"}[response["Location"].split("?")[0]]
        return meanings[response.content.decode()]

    return observed


def levels(client: Client, user: User, sign_in: SignIn) -> Iterator[str]:
    sign_in(client, user, mfa=False)
    yield "no MFA"
    sign_in(client, user, mfa=True)
    yield "MFA"
    sign_in(client, user, mfa=False, blocked=True)
    yield "blocked"


def test_there_are_urls_of_every_live_row() -> None:
    assert {line[0] for line in EXPECTED} - {"/health-feed"} <= {
        line[0] for line in EXPECTED for url in URLS if url == line[0] or url.startswith(f"{line[0]}/")
    }


@pytest.mark.requirement("M1", "M2", "M3", "M4", "M5", "M6", "M16", "M17")
@pytest.mark.parametrize("held", HELD, ids=lambda held: "+".join(held) or "none")
def test_a_csp_user_meets_the_matrix(
    held: tuple[Role, ...], john: User, sign_in: SignIn, observe: Callable[..., str]
) -> None:
    john.projected_roles = [role.value for role in held]
    john.save()
    counting, client = set(held) - {C, O}, Client()
    for level in levels(client, john, sign_in):
        for url in URLS:
            assert observe(url, client) == expected(url, counting, True, level), (url, level)


@pytest.mark.requirement("M12", "S9", "M21")
@pytest.mark.parametrize("held", HELD, ids=lambda held: "+".join(held) or "none")
def test_a_cpv_user_meets_the_matrix(
    held: tuple[Role, ...], cpv_admin: User, sign_in: SignIn, observe: Callable[..., str]
) -> None:
    cpv_admin.projected_roles = [role.value for role in held]
    cpv_admin.save()
    counting, client = ({C} if G in held else set()), Client()
    for level in levels(client, cpv_admin, sign_in):
        for url in URLS:
            assert observe(url, client) == expected(url, counting, False, level), (url, level)


@pytest.mark.requirement("M19", "M21")
@pytest.mark.parametrize("held", HELD, ids=lambda held: "+".join(held) or "none")
def test_an_operator_tenants_user_meets_the_matrix(
    held: tuple[Role, ...], operator: User, sign_in: SignIn, observe: Callable[..., str]
) -> None:
    operator.projected_roles = [role.value for role in held]
    operator.save()
    counting, client = set(held) & {O}, Client()
    for level in levels(client, operator, sign_in):
        for url in URLS:
            assert observe(url, client) == expected(url, counting, True, level), (url, level)


@pytest.mark.requirement("M10", "M16")
@pytest.mark.parametrize("url", URLS)
def test_somebody_signed_out_is_sent_to_sign_in(url: str, db: None, observe: Callable[..., str]) -> None:
    assert observe(url, None) == expected(url, set(), False, "signed out")


@pytest.mark.parametrize(
    "path",
    [
        "/commerce//customers",
        "/commerce/",
        "/Commerce/",
        "/Commerce",
        "/commercex",
        "/commerce/.",
        "/commerce/..",
        "/commerce/../dashboard/overview",
        "/./commerce",
        "/%2e%2e/commerce",
        "/commerce/%2e%2e/dashboard/overview",
        "/dashboard/overview/%2e%2e/billing",
        "/dashboard/BILLING",
        "/dashboard",
        "/dashboard/billing%2f..%2foverview",
        "/dashboard/v2/support",
        "/oidc",
        "/oidc/",
        "/static",
        "/anything",
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_paths_that_are_in_no_row_are_404_signed_in_or_not(
    path: str, signed_in: bool, client: Client, alejandra: User, sign_in: SignIn
) -> None:
    if signed_in:
        sign_in(client, alejandra)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["//commerce", "/%252e%252e/commerce", "/commerce%2f", "commerce"])
def test_paths_that_other_layers_read_differently_are_404(path: str, db: None) -> None:
    request = RequestFactory().get("/")
    request.path_info = unquote(path)  # as the server hands it over: decoded once
    with pytest.raises(Http404):
        AccessMiddleware(lambda request: HttpResponse("open"))(request)


def test_the_preset_all_pages_asks_on_the_overview_too(
    client: Client, john: User, sign_in: SignIn, settings: Settings
) -> None:
    settings.ACCESS_PRESET = "all-pages"
    sign_in(client, john, mfa=False)
    assert client.get("/dashboard/overview")["Location"].startswith("/oidc/step-up")
    sign_in(client, john, mfa=True)
    assert client.get("/dashboard/overview").status_code == 200


def test_the_gate_costs_one_query(john: User, sign_in: SignIn, django_assert_num_queries: Any) -> None:
    client = Client()
    sign_in(client, john)
    request = RequestFactory().get("/commerce/customers")
    request.COOKIES[configuration.SESSION_COOKIE_NAME] = client.cookies[configuration.SESSION_COOKIE_NAME].value
    with django_assert_num_queries(1):
        assert AccessMiddleware(lambda request: HttpResponse("open"))(request).content == b"open"
