"""The causes on the status page, read by the people who may see it, after the portal looked at the real provider."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from lxml import html

from scripts.running import Running
from tests.interop.person import PASSWORD_OF_EVERYBODY, Person, walk_through

STATUS = "/dashboard/account/security-requirements"
CAUSES = f"{STATUS}/causes"
OVERVIEW, CUSTOMERS = "/dashboard/overview", "/commerce/customers"
API = "https://api.partnercenter.microsoft.com"
TOOL = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"  # the demo's "Command line": it asks nobody for consent
TAIL = "Put right, and leaving the window by itself"
_LOOK = """
from django.utils import timezone
from accounts.models import PartnerTenant
from security.services import take_snapshot
snapshot = take_snapshot(PartnerTenant.objects.get(display_name="{name}"), timezone.now())
assert snapshot.problem == "", snapshot.problem
"""


@dataclass(frozen=True)
class Row:
    cause: str
    through: str
    application: str
    address: str


def look(site: Running, name: str) -> None:
    """What the portal does daily for one partner."""
    site.manage("partnercenter.settings", "shell", "-v", "0", "-c", _LOOK.format(name=name))


def provider(site: Running, *arguments: str) -> None:
    """A command of the provider's administrator."""
    site.manage("entra.settings", *arguments)


def signed_in(site: Running, account: str, path: str = OVERVIEW, *, known: Person | None = None) -> Person:
    """Somebody who opens a page of the portal in a new browser, and does what the provider asks.

    `known`: the same person on an earlier day, for the authenticator app that they set up then.
    """
    person = Person("")
    person.authenticator = known.authenticator if known else None
    person.open(f"{site.site.portal}{path}")
    walk_through(person, account)
    assert urlsplit(person.address).path == path, person.text
    return person


def listed(page: html.HtmlElement) -> dict[tuple[str, str], Row]:
    """The rows of the list of causes, by user and channel."""
    found = {}
    for row in page.xpath("//table[.//th[normalize-space()='Cause']]/tbody/tr"):
        user, cause, through, application = (" ".join(cell.text_content().split()) for cell in row.xpath("td")[:4])
        found[user, through] = Row(cause, through, application, row.xpath("td//a/@href")[0])
    return found


def causes_seen_by(viewer: Person, site: Running) -> dict[tuple[str, str], Row]:
    viewer.open(f"{site.site.portal}{CAUSES}")
    return listed(viewer.page)


def explained_to(viewer: Person, site: Running, row: Row) -> tuple[str, str]:
    """What the page of one row says, and where its fix leads."""
    viewer.open(f"{site.site.portal}{row.address}")
    links = viewer.page.xpath("//a[starts-with(@href, $entra)]/@href", entra=f"{site.site.entra}/")
    return viewer.text, links[0] if links else ""


def token_by_password(site: Running, account: str) -> requests.Response:
    asked = {
        "grant_type": "password",
        "client_id": TOOL,
        "username": account,
        "password": PASSWORD_OF_EVERYBODY,
        "scope": f"{API}/user_impersonation",
    }
    return requests.post(f"{site.site.entra}/organizations/oauth2/v2.0/token", data=asked, timeout=30)


def call(site: Running, token: str, path: str = "/v1/customers") -> int:
    answer = requests.get(f"{site.site.portal}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    return answer.status_code
