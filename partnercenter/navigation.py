"""The portal's navigation: it asks the matrix who may open what, and never repeats a rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access, Area, Verdict
from accounts.evidence import Outcome
from accounts.models import PortalSession
from accounts.roles import Role
from accounts.sessions import of
from fluent.shell import AccountCard, Entry, Link, Mfa, Section, Suite


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: the area whose rule decides, and the page it opens."""

    area: str
    label: Promise
    url_name: str
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    label: "Promise | str"
    items: Sequence[Item]


ACCOUNT_SETTINGS = (
    Item("users", _("User management"), "users:list", "person-accounts"),
    Item("security-requirements", _("Security requirements status"), "requirements:status", "shield-task"),
)
NAVIGATION = (
    Group(
        "",
        (
            Item("overview", _("Overview"), "overview", "home"),
            Item("security", _("Security"), "security:workspace", "shield"),
        ),
    ),
    Group(
        _("Business"),
        (
            Item("customers", _("Customers"), "customers:list", "people"),
            Item("billing", _("Billing"), "billing:invoices", "receipt"),
        ),
    ),
    Group(
        _("Support"),
        (
            Item("customer-requests", _("Customer requests"), "support:requests", "headset"),
            Item("service-health", _("Service health"), "servicehealth:incidents", "heart-pulse"),
        ),
    ),
    Group(_("Account settings"), ACCOUNT_SETTINGS),
    Group(
        _("Help"),
        (
            Item("help", _("Access matrix"), "accounts:access-matrix", "table"),
            Item("help", _("Why can I / can't I"), "accounts:why", "question"),
            Item("help", _("Verification examples"), "help:verification-examples", "beaker"),
            Item("help", _("REST API"), "api:reference", "code"),
        ),
    ),
)


def suite(request: HttpRequest) -> dict[str, Any]:
    """Context processor: suite bar, rail and account card of the signed-in person; nothing for anybody else."""
    session = of(request)
    if session is None:
        return {}
    return {
        "suite": _bar(request),
        "navigation": sections(request.access, request.path),  # type: ignore[attr-defined]
        "account": account_card(session, request.path),
    }


def _bar(request: HttpRequest) -> Suite:
    held = request.access.keys(Verdict.ALLOW)  # type: ignore[attr-defined]
    return Suite(
        home_url=reverse("home"),
        search_url=reverse("search") if "help" in held else "",
        settings_url=_settings_url(request.access),  # type: ignore[attr-defined]
        help_url=reverse("help:index") if "help" in held else "",
    )


def _settings_url(access: Access) -> str:
    """The gear opens the first of the account settings whose role this person holds."""
    held = access.keys(Verdict.ALLOW, Verdict.VERIFY_MFA, Verdict.BLOCKED)
    return next((reverse(item.url_name) for item in ACCOUNT_SETTINGS if item.area in held), "")


def sections(access: Access, path: str) -> list[Section]:
    """Return what this person may see: entries of roles not held are hidden, a lock says MFA will be asked."""
    areas = {area.key: area for area in access.areas}
    visible = []
    for group in NAVIGATION:
        entries = [_entry(item, areas[item.area], access, path) for item in group.items if item.area in areas]
        shown = [entry for entry in entries if entry is not None]
        if shown:
            visible.append(Section(shown, str(group.label)))
    return visible


def _entry(item: Item, area: Area, access: Access, path: str) -> Entry | None:
    outcome = access.decide(area).outcome
    if outcome not in {Verdict.ALLOW, Verdict.VERIFY_MFA, Verdict.BLOCKED}:
        return None
    url = reverse(item.url_name)
    current = path == url or path.startswith(f"{url}/")
    return Entry(str(item.label), url, item.icon, locked=outcome is not Verdict.ALLOW, current=current)


def account_card(session: PortalSession, path: str) -> AccountCard:
    user = session.user
    return AccountCard(
        name=user.display_name,
        identifier=user.user_principal_name,
        organization=user.tenant.display_name,
        roles=[str(role.label) for role in Role if role in user.roles and role is not Role.USER],
        mfa=_mfa(session),
        sign_out_url=reverse("oidc_logout"),
        links=_own_pages(path) if Role.USER in user.roles else [],
    )


def _own_pages(path: str) -> list[Link]:
    why = f"{reverse('accounts:why')}?{urlencode({'path': path})}"
    return [Link(str(_("My profile")), reverse("accounts:profile")), Link(str(_("Why can I open this?")), why)]


def _mfa(session: PortalSession) -> Mfa:
    evidence = session.evidence
    if any(item.outcome is Outcome.MFA for item in evidence):
        return Mfa.DONE
    return Mfa.BLOCKED if evidence and evidence[-1].outcome is Outcome.INCOMPATIBLE else Mfa.NOT_DONE
