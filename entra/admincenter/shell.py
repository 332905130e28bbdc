"""What the layout shows around the pages: navigation and the account card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entra.admincenter.guard import TENANT, Administrator, Need
from entra.directory.models import DirectoryRole, Tenant
from fluent.shell import AccountCard, Entry, Link, Mfa, Organization, Section, Suite


@dataclass(frozen=True)
class Item:
    url_name: str
    label: Promise
    icon: str


NAVIGATION: Sequence[tuple[Promise | None, Sequence[Item]]] = (
    (None, (Item("overview", gettext_lazy("Overview"), "home"),)),
    (
        gettext_lazy("Protection"),
        (
            Item("policies", gettext_lazy("Conditional access"), "shield-keyhole"),
            Item("locations", gettext_lazy("Named locations"), "globe"),
            Item("security_defaults", gettext_lazy("Security defaults"), "shield-task"),
            Item("methods", gettext_lazy("Methods"), "phone-key"),
            Item("per_user", gettext_lazy("Per-user MFA"), "people"),
            Item("guests", gettext_lazy("Guests"), "people-team"),
            Item("tokens", gettext_lazy("Hardware tokens"), "number"),
            Item("controls", gettext_lazy("Custom controls"), "plug-connected"),
            Item("domains", gettext_lazy("Federation"), "link"),
        ),
    ),
    (
        gettext_lazy("Applications"),
        (
            Item("applications", gettext_lazy("Enterprise applications"), "apps"),
            Item("registrations", gettext_lazy("App registrations"), "code"),
        ),
    ),
    (
        gettext_lazy("Monitoring"),
        (
            Item("what_if", gettext_lazy("What if"), "lightbulb"),
            Item("sign_ins", gettext_lazy("Sign-in log"), "history"),
        ),
    ),
)


def suite(request: HttpRequest) -> dict[str, Any]:
    """Context for pages of an administrator; nothing on the provider's other pages."""
    who: Administrator | None = getattr(request, "administrator", None)
    if who is None or not who.may(Need.SECURITY):
        return {}
    return {
        "suite": Suite(home_url=reverse("admincenter:overview")),
        "product_name": _("Admin center"),
        "navigation": [_section(label, items, request.path) for label, items in NAVIGATION],
        "account": _card(who),
    }


def _section(label: Promise | None, items: Sequence[Item], path: str) -> Section:
    home = reverse("admincenter:overview")
    entries = []
    for item in items:
        url = reverse(f"admincenter:{item.url_name}")
        current = path == url or (url != home and path.startswith(f"{url}/"))
        entries.append(Entry(str(item.label), url, item.icon, current=current))
    return Section(entries, str(label or ""))


def _organizations(who: Administrator) -> list[Organization]:
    """The switch between organizations; nothing where there is but one."""
    found = who.organizations()
    if len(found) < 2:
        return []
    return [Organization(one.display_name, organization_url(one), current=one == who.tenant) for one in found]


def organization_url(tenant: Tenant) -> str:
    return f"{reverse('admincenter:overview')}?{urlencode({TENANT: tenant.pk})}"


def _card(who: Administrator) -> AccountCard:
    return AccountCard(
        name=who.account.display_name,
        identifier=who.account.home.user_principal_name,
        organization=who.tenant.display_name,
        roles=[DirectoryRole(role).label for role in sorted(who.roles)],
        mfa=Mfa.DONE,
        sign_out_url=reverse("admincenter:sign_out"),
        links=[Link(_("My security info"), reverse("security_info:overview"))],
        organizations=_organizations(who),
    )
