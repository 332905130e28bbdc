"""Every page of the portal in Chromium: axe in light and dark, no sideways scrolling on a phone in any language."""

from collections.abc import Iterable, Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from billing.models import Invoice
from customers.models import Customer
from support.models import CustomerRequest, ServiceIncident
from tests.axe import overflow, violations_in_both_schemes
from tests.portal.conftest import SignIn, make_user, tenant_id
from tests.portal.partnercenter.conftest import HOST, Browse

# Addresses that are no page of their own: redirects, protocol ends, files, and forms whose page is another row.
NOT_PAGES = {
    "home", "customers:commerce", "support-moved", "support-moved-rest",
    "support:reply", "support:close", "support:reopen", "support:attachment",
    "billing:reconciliation", "billing:statement", "health-feed", "accounts:held", "accounts:end-other-sessions",
    "oidc_authentication_init", "oidc_step_up", "oidc_authentication_callback", "oidc_resume", "oidc_logout",
    "oidc_backchannel_logout", "fluent:language", "fluent:theme", "",
}  # fmt: skip


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else ""


@pytest.fixture
def admin(db: None) -> User:
    call_command("seed_demo", stdout=StringIO())
    contoso = PartnerTenant.objects.get(pk=tenant_id(1))
    return make_user(contoso, "Alejandra Ruiz", "alejandra@contoso.example", [Role.ADMIN_AGENT, Role.GLOBAL_ADMIN])


@pytest.fixture
def pages(admin: User) -> dict[str, str]:
    """One address for each page, by the name of its row in the site map."""
    customer = Customer.objects.visible_to(admin).filter(contacts__isnull=False).first()
    invoice = Invoice.objects.visible_to(admin).first()
    request = CustomerRequest.objects.visible_to(admin).first()
    incident = ServiceIncident.objects.visible_to(admin).first()
    assert customer
    assert invoice
    assert request
    assert incident
    contact = customer.contacts.first()
    known = {
        "servicehealth:incident": [incident.number],
        "support:request": [request.pk],
        "billing:invoice": [invoice.number],
        "help:verification-example": ["v2"],
        "customers:contact-edit": [customer.tenant_id, contact.pk],
        "customers:contact-remove": [customer.tenant_id, contact.pk],
    }
    one_customer = {"customers:detail", "customers:edit", "customers:subscriptions", "customers:contact-add"}
    return {
        name: reverse(name, args=[customer.tenant_id] if name in one_customer else known.get(name, []))
        for name in names(get_resolver())
        if name not in NOT_PAGES
    } | {
        "search": "/dashboard/search?q=a",
        "nothing found": "/commerce/customers?q=zzzzzz",
        "why": "/dashboard/me/why?path=/dashboard/billing",
        "not found": "/dashboard/help/nothing",
    }


def test_axe_finds_nothing_on_any_page(
    client: Client, sign_in: SignIn, admin: User, pages: dict[str, str], browse: Browse
) -> None:
    sign_in(client, admin)
    assert faults_of(browse, pages.values()) == {}


@pytest.mark.requirement("V4")
def test_axe_finds_nothing_where_mfa_is_not_recognized(
    client: Client, sign_in: SignIn, admin: User, browse: Browse
) -> None:
    sign_in(client, admin, mfa=False, blocked=True)
    assert faults_of(browse, ["/dashboard/overview", "/commerce/customers"]) == {}


@pytest.mark.requirement("M12")
def test_axe_finds_nothing_where_the_role_is_missing(
    client: Client, sign_in: SignIn, admin: User, browse: Browse
) -> None:
    sign_in(client, admin, mfa=False, roles=[])
    assert faults_of(browse, ["/dashboard/overview", "/dashboard/billing", "/signed-out"]) == {}


def faults_of(browse: Browse, addresses: Iterable[str]) -> dict[str, list[str]]:
    found = {}
    with browse(addresses) as page:
        for address in addresses:
            page.goto(f"{HOST}{address}")
            assert page.locator("h1").count() == 1, address
            if faults := violations_in_both_schemes(page):
                found[address] = faults
    return found


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_no_page_is_wider_than_a_phone(
    client: Client, sign_in: SignIn, admin: User, pages: dict[str, str], browse: Browse, language: str
) -> None:
    sign_in(client, admin)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    wide = {}
    with browse(pages.values()) as page:
        for address in pages.values():
            page.goto(f"{HOST}{address}")
            wide[address] = overflow(page, 360)
    assert {address: pixels for address, pixels in wide.items() if pixels > 0} == {}
