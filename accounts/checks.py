"""System checks: the server does not start while a page and the access matrix disagree, or a setting is unsafe."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from accounts.access import Area, Preset
from accounts.matrix import find_area, live_areas, segments
from accounts.oidc.stepup import Strategy
from accounts.roles import PARTNER_ROLES
from secretstore.local import on_loopback

_PARAMETER = re.compile(r"<[^>]+>")
_PLACEHOLDER = "parameter"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RESPONSE_MODES = ("query", "form_post")
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


@dataclass(frozen=True, slots=True)
class Page:
    """One URL of the site map; `path` is None for a route that is no plain `path()`."""

    path: str | None
    route: str
    mark: str | None


@checks.register(checks.Tags.urls)
def check_site_map(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    if settings.ACCESS_PRESET not in set(Preset):
        return []  # E004 says so
    return compare(site_map(get_resolver().url_patterns), live_areas())


@checks.register(checks.Tags.security)
def check_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse values that would weaken or break sign-in: only asymmetric signatures, only known names."""
    allowed: list[tuple[str, Iterable[str], Iterable[str]]] = [
        ("ACCESS_PRESET", [settings.ACCESS_PRESET], Preset),
        ("OIDC_STEP_UP_STRATEGY", [settings.OIDC_STEP_UP_STRATEGY], Strategy),
        ("OIDC_RESPONSE_MODE", [settings.OIDC_RESPONSE_MODE], _RESPONSE_MODES),
        ("OIDC_ALGORITHMS", settings.OIDC_ALGORITHMS, _ALGORITHMS),
        ("OIDC_ROLE_MAP", settings.OIDC_ROLE_MAP.values(), PARTNER_ROLES),
    ]
    return [
        checks.Error(f"{name} has an unknown value: {value}.", hint=f"Use: {', '.join(values)}.", id="accounts.E004")
        for name, given, values in allowed
        for value in given
        if value not in set(values)
    ]


@checks.register(checks.Tags.security)
def check_provider(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse an identity provider over http on another machine: its keys could be anybody's, and so could its pages."""
    linked = [name for name in ("ADMIN_CENTER_URL", "SECURITY_INFO_URL") if getattr(settings, name)]
    return [
        checks.Error(f"{name} is not https: {value}.", hint="Set it to an https address.", id="accounts.E005")
        for name in ("OIDC_ISSUER", "OIDC_DISCOVERY_URL", *linked)
        if not (value := getattr(settings, name)).startswith("https://")
        and not (value.startswith("http://") and on_loopback(value))
    ]


@checks.register(checks.Tags.security)
def check_tenants(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse tenant ids that no tenant can have: nobody would get in, or no operator, without a word why."""
    return [
        checks.Error(
            f"{name} is no tenant id: {value}.", hint="Use a lower-case GUID, or leave it empty.", id="accounts.E006"
        )
        for name in ("OPERATOR_TENANT", "OIDC_PARTNER_TENANT")
        if (value := getattr(settings, name)) and not _GUID.fullmatch(value)
    ]


def site_map(patterns: Iterable[URLPattern | URLResolver], before: str = "/") -> Iterator[Page]:
    """Walk all URLs. Parameters become one ordinary segment each: rules never look at objects."""
    for pattern in patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            yield Page(None, str(pattern.pattern), None)
            continue
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from site_map(pattern.url_patterns, route)
        else:
            yield Page(_PARAMETER.sub(_PLACEHOLDER, route), route, getattr(pattern.callback, "access_area", None))


def compare(pages: Iterable[Page], areas: tuple[Area, ...]) -> list[checks.CheckMessage]:
    """Return an error for each page without a row, page marked for another row, and row without a page."""
    problems: list[checks.CheckMessage] = []
    governed = set()
    for page in pages:
        parts = segments(page.path) if page.path is not None else None
        area = find_area(areas, parts) if parts is not None else None
        if area is None:
            problems.append(_no_row(page))
            continue
        governed.add(area.key)
        if page.mark != area.key:
            problems.append(_wrong_mark(page, area))
    return problems + [_no_page(area) for area in areas if area.key not in governed]


def _no_row(page: Page) -> checks.CheckMessage:
    return checks.Error(
        f"The URL {page.route} is in no row of the access matrix.",
        hint="Use path() with whole segments and no trailing slash, under a prefix of accounts/access.py.",
        id="accounts.E001",
    )


def _wrong_mark(page: Page, area: Area) -> checks.CheckMessage:
    return checks.Error(
        f"The view of {page.route} is marked {page.mark!r}, but its path belongs to the row {area.key!r}.",
        hint=f'Mark the view with @access_rule("{area.key}"), outermost, or move the URL.',
        id="accounts.E002",
    )


def _no_page(area: Area) -> checks.CheckMessage:
    return checks.Error(
        f"The row {area.id} ({area.key}) of the access matrix governs no URL.",
        hint="Move the row to PLANNED until its first page exists.",
        id="accounts.E003",
    )
