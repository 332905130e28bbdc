"""What the demo may show: only in demo mode, and only to this machine."""

import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone

from entra.directory.methods.one_time_codes import current_code
from entra.directory.models import AuthenticatorApp, HardwareToken, Tenant, User
from entra.signin.network import client_ip

View = Callable[..., HttpResponse]


def is_demo(request: HttpRequest) -> bool:
    return settings.DEMO and _is_loopback(client_ip(request))


def demo_page(view: View) -> View:
    """404 unless this is the demo and the peer is on the loopback interface: these pages hold passwords and codes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not is_demo(request):
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def in_demo(patterns: list[URLPattern]) -> list[URLPattern]:
    """The same addresses, each 404 unless this is the demo and the peer is on the loopback interface."""
    for pattern in patterns:
        pattern.callback = demo_page(pattern.callback)
    return patterns


@dataclass(frozen=True)
class ShownCode:
    """A code as its device would show it now."""

    device: str
    code: str
    pending: bool


@dataclass(frozen=True)
class Persona:
    account: User
    roles: str
    codes: list[ShownCode]


@dataclass(frozen=True)
class Organization:
    tenant: Tenant
    federated: bool
    personas: list[Persona]
    spare_tokens: list[ShownCode]


@lru_cache
def world() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((settings.BASE_DIR / "demo" / "world.json").read_text())
    return read


def organizations() -> list[Organization]:
    """The demo world's organizations in its own order, each with its people and their codes of this moment."""
    return [_organization(row, tenant) for row in world()["tenants"] if (tenant := _tenant(row))]


def seconds_left() -> int:
    """Until the devices show their next codes."""
    return 30 - int(timezone.now().timestamp()) % 30


def _tenant(row: dict[str, Any]) -> Tenant | None:
    return Tenant.objects.filter(pk=row["id"]).first()


def _organization(row: dict[str, Any], tenant: Tenant) -> Organization:
    names = [user["upn"] for user in row["users"]]
    accounts = {
        account.user_principal_name: account
        for account in tenant.users.filter(user_principal_name__in=names)
        .select_related("home_account")
        .prefetch_related("role_assignments", "member_groups")
    }
    personas = [_persona(accounts[name]) for name in names if name in accounts]
    spare = HardwareToken.objects.filter(tenant=tenant, account=None).order_by("serial_number")
    return Organization(tenant, "federation" in row, personas, [_shown(token) for token in spare])


def _persona(account: User) -> Persona:
    roles = [assignment.get_role_display() for assignment in account.role_assignments.all()]
    roles += [group.display_name for group in account.member_groups.all()]
    devices: list[AuthenticatorApp | HardwareToken] = [
        *account.authenticator_apps.all(),
        *account.hardware_tokens.all(),
    ]
    return Persona(account, ", ".join(roles), [_shown(device) for device in devices])


def _shown(device: AuthenticatorApp | HardwareToken) -> ShownCode:
    return ShownCode(str(device), current_code(device), not device.confirmed)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
