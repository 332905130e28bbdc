"""System checks of both services: outside demo mode the server does not start with unsafe values."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core import checks

from activity.rollups import WINDOW_DAYS
from secretstore.local import on_loopback

_SHORTEST_KEY = 32  # characters


@checks.register(checks.Tags.security)
def check_deployment(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    unsafe = () if settings.DEMO else _unsafe()
    return [*unsafe, *_unreadable_proxies(), *_short_log()]


def _unsafe() -> Iterator[checks.CheckMessage]:
    for address in settings.CSRF_TRUSTED_ORIGINS:  # where this service's pages are
        if not address.startswith("https://") and not on_loopback(address):
            yield checks.Error(
                f"The public address {address} is not https.",
                hint="Set PORTAL_URL and ENTRA_URL to https addresses.",
                id="activity.E001",
            )
    if settings.DEBUG:
        yield checks.Error(
            "DEBUG shows the program's inside to whoever meets a fault.", hint="Unset DEBUG.", id="activity.E002"
        )
    keys = [("SECRET_KEY", settings.SECRET_KEY), *(("SECRETSTORE_KEYS", key) for key in settings.SECRETSTORE_KEYS)]
    for name, key in keys:
        if len(key) < _SHORTEST_KEY:
            yield checks.Error(
                f"{name} has a key of {len(key)} characters.",
                hint=f"Use {_SHORTEST_KEY} random characters or more, for example of `openssl rand -base64 48`.",
                id="activity.E003",
            )
    if settings.SECRET_KEY in settings.SECRETSTORE_KEYS:
        yield checks.Error(
            "SECRET_KEY and SECRETSTORE_KEYS are the same.", hint="Give each a value of its own.", id="activity.E003"
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield checks.Error(
            "ALLOWED_HOSTS answers for every name.", hint="Name the public host names.", id="activity.E004"
        )


def _short_log() -> Iterator[checks.CheckMessage]:
    days = getattr(settings, "OPERATION_LOG_DAYS", WINDOW_DAYS)  # the provider has no operation log
    if days < WINDOW_DAYS:
        yield checks.Error(
            f"OPERATION_LOG_DAYS is {days}: the figures of the last week would lack days.",
            hint=f"Keep {WINDOW_DAYS} days or more.",
            id="activity.E006",
        )


def _unreadable_proxies() -> Iterator[checks.CheckMessage]:
    for proxy in settings.TRUSTED_PROXIES:
        try:
            everybody = ip_network(proxy).prefixlen == 0
        except ValueError:
            everybody = True
        if everybody:
            yield checks.Error(
                f"TRUSTED_PROXIES has {proxy!r}, which is no network of proxies.",
                hint="Name addresses or networks: 10.0.0.5,10.1.0.0/24.",
                id="activity.E005",
            )
