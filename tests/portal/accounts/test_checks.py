"""The three ways in which site map and matrix can disagree, each seen stopping the server."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from pytest_django import Settings

from accounts.access import Area, access_rule
from accounts.checks import compare, site_map
from accounts.roles import Role

AREAS = (
    Area("X1", "billing", "Billing", ("/dashboard/billing",), frozenset({Role.BILLING_ADMIN}), mfa=True),
    Area("X2", "help", "Help", ("/dashboard/help",), frozenset({Role.USER})),
)


def page(key: str | None) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest, **kwargs: object) -> HttpResponse:
        return HttpResponse()

    return access_rule(key)(view) if key else view


def found(*patterns: URLPattern | URLResolver) -> list[tuple[str | None, str]]:
    return [(message.id, message.msg) for message in compare(site_map(patterns), AREAS)]


HELP = path("dashboard/help", page("help"))
BILLING = path("dashboard/billing", include([path("/invoices/<slug:number>", page("billing"))]))


def test_a_site_map_that_agrees_passes() -> None:
    assert found(HELP, BILLING) == []


@pytest.mark.parametrize("route", ["dashboard/unknown", "billing", "dashboard/help/", "dashboard//help", "<str:any>"])
def test_a_url_in_no_row_is_an_error(route: str) -> None:
    assert [error for error, _ in found(HELP, BILLING, path(route, page("help")))] == ["accounts.E001"]


def test_a_regular_expression_is_an_error_because_its_row_is_unknown() -> None:
    assert [error for error, _ in found(HELP, BILLING, re_path(r"^dashboard/help", page("help")))] == ["accounts.E001"]


@pytest.mark.parametrize("mark", ["help", None])
def test_a_view_whose_mark_and_path_disagree_is_an_error(mark: str | None) -> None:
    assert [error for error, _ in found(HELP, path("dashboard/billing/new", page(mark)))] == ["accounts.E002"]


def test_a_row_that_governs_no_url_is_an_error() -> None:
    errors = found(HELP)
    assert [error for error, _ in errors] == ["accounts.E003"]
    assert "billing" in errors[0][1]


def test_the_portals_own_site_map_agrees() -> None:
    call_command("check")


@pytest.mark.parametrize(
    ("patterns", "error"),
    [
        ("[*real, path('commercex', access_rule('customers')(home))]", "accounts.E001"),
        ("[*real, path('commerce/new-page', access_rule('help')(lambda request: None))]", "accounts.E002"),
        ("[p for p in real if not str(p.pattern).startswith('dashboard/billing')]", "accounts.E003"),
    ],
)
def test_the_server_does_not_start_while_they_disagree(patterns: str, error: str) -> None:
    """Import the WSGI application in a process of its own, as a server does, with a site map changed before."""
    program = (
        "import django; django.setup()\n"
        "from django.urls import path\n"
        "from accounts.access import access_rule\n"
        "from partnercenter import urls; from partnercenter.home import home\n"
        f"real = urls.urlpatterns; urls.urlpatterns = {patterns}\n"
        "import partnercenter.wsgi\n"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "partnercenter.settings", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert error in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACCESS_PRESET", "no-pages"),
        ("OIDC_STEP_UP_STRATEGY", "hope"),
        ("OIDC_RESPONSE_MODE", "fragment"),
        ("OIDC_ALGORITHMS", ["RS256", "HS256"]),
        ("OIDC_ALGORITHMS", ["none"]),
        ("OIDC_ROLE_MAP", {"finance": "emperor"}),
    ],
)
def test_a_setting_with_an_impossible_value_stops_the_server(settings: Settings, name: str, value: object) -> None:
    setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=r"accounts\.E004"):
        call_command("check")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"OIDC_ISSUER": "http://login.example/{tenantid}/v2.0"}, "accounts.E005"),
        ({"OIDC_DISCOVERY_URL": "http://login.example/.well-known/openid-configuration"}, "accounts.E005"),
        ({"OIDC_ISSUER": "ftp://localhost/{tenantid}/v2.0"}, "accounts.E005"),
        ({"ADMIN_CENTER_URL": "http://login.example/admin"}, "accounts.E005"),
        ({"SECURITY_INFO_URL": "http://login.example/mysecurityinfo"}, "accounts.E005"),
        ({"SECURITY_INFO_URL": "javascript://localhost/%0aalert(1)"}, "accounts.E005"),
        ({"SECURITY_INFO_URL": "mysignins.microsoft.com"}, "accounts.E005"),
        ({"OPERATOR_TENANT": "C0000000-0000-4000-8000-000000000007"}, "accounts.E006"),
        ({"OIDC_PARTNER_TENANT": "fabrikam"}, "accounts.E006"),
    ],
)
def test_an_unsafe_setting_stops_the_server(settings: Settings, changed: dict[str, object], error: str) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=error):
        call_command("check")


@pytest.mark.parametrize(
    "changed",
    [
        {"OIDC_ISSUER": "https://login.example/realms/partners"},
        {"OIDC_ISSUER": "http://127.0.0.1:8001"},
        {"OPERATOR_TENANT": "", "OIDC_PARTNER_TENANT": "c0000000-0000-4000-8000-000000000003"},
    ],
)
def test_safe_settings_pass(settings: Settings, changed: dict[str, object]) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    call_command("check")
