"""Every page of the portal in Chromium: axe in light and dark, no sideways scrolling on a phone in any language."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from accounts import matrix
from accounts.access import AREAS
from accounts.models import BulkJob, HeldPost, PartnerTenant, User
from accounts.roles import Role
from accounts.users.bulk.runner import run_due
from activity.models import ApiRequest
from api.models import FaultKind
from billing.models import Invoice
from customers.models import Customer
from support.models import CustomerRequest, ServiceIncident
from tests.axe import (
    ADMIN_CENTER_FOLDER,
    ERRORS,
    PROVIDER_FOLDERS,
    Answer,
    Pages,
    faults_of,
    never_shown,
    page_templates,
    recording,
)
from tests.portal.accounts.conftest import Browser
from tests.portal.accounts.op import Provider
from tests.portal.accounts.users.people import ADMIN_AGENTS, GLOBAL, FakeDirectory
from tests.portal.conftest import SignIn, make_user, tenant_id
from tests.portal.security.factory import finding
from tests.portal.security.past_alerts import resolved_role_changes, unusual_sign_in
from tests.portal.security.walk import see_status
from tests.portal.security.workspace_walk import see_workspace

HOST = "http://localhost:8000"
ADD = "/commerce/customers/add"
SIGN_IN_ERRORS = (
    ("access_denied", ""),
    ("access_denied", "AADSTS50079: not proven"),
    ("server_error", "AADSTS90033: later"),
    ("consent_required", ""),
)
NOBODYS = "c0000000-0000-4000-8000-0000000000ff"
HTML = {"Content-Type": "text/html; charset=utf-8"}
# Addresses that are no page of their own: redirects, protocol ends, files, and forms whose page is another row.
NOT_PAGES = {
    "home", "customers:commerce", "support-moved", "support-moved-rest",
    "support:reply", "support:close", "support:reopen", "support:attachment",
    "billing:reconciliation", "billing:statement", "billing:receipt", "billing:unbilled-file", "health-feed",
    "accounts:held", "accounts:end-other-sessions",
    "oidc_authentication_init", "oidc_step_up", "oidc_authentication_callback", "oidc_resume", "oidc_logout",
    "oidc_backchannel_logout", "security_events", "users:roles", "users:list", "users:detail", "users:act",
    "users:what-if", "users:pass", "users:invite", "users:local", "users:bulk", "users:bulk-job", "users:bulk-run",
    "users:bulk-stop", "users:bulk-result", "fluent:language", "fluent:theme", "api:openapi", "api:end-fault",
    "asking:preview", "asking:send",
    "requirements:recompute", "requirements:portal-requests-file", "requirements:api-requests-file",
    "requirements:all-api-requests", "requirements:mail", "requirements:mail-add", "requirements:mail-ask-again",
    "requirements:mail-remove", "security-mails:confirm", "security-mails:unsubscribe",
    "security:sign-ins", "security:sign-in", "security:federation", "security:answer", "security:what-if",
    "security:take-up", "security:resolve", "security:reopen", "security:note", "",
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
def people(admin: User, people: FakeDirectory) -> FakeDirectory:
    """The directory of user management, with the one who looks at it and somebody who has done nothing yet."""
    key = people.add(1, admin.display_name, admin.user_principal_name)
    admin.oid = key
    admin.save()
    people.members[GLOBAL].add(key)
    people.members[ADMIN_AGENTS].add(key)
    people.add(2, "Gustav Gast", "gustav_elsewhere.example#EXT#@contoso.example", userType="Guest")
    return people


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
    call = refused_call(admin)
    known = {
        "api:operation": ["put_v1_customers_customer_id_profiles_billing"],
        "api:call": [call.pk],
        "security:alert": [unusual_sign_in(admin).pk],
        "servicehealth:incident": [incident.number],
        "support:request": [request.pk],
        "billing:invoice": [invoice.number],
        "help:verification-example": ["v2"],
        "customers:contact-edit": [customer.tenant_id, contact.pk],
        "customers:contact-remove": [customer.tenant_id, contact.pk],
        "requirements:cause": [finding(admin.tenant, "Lea", "defaults-waiting", until=timezone.now()).pk],
    }
    one_customer = {
        "customers:detail",
        "customers:edit",
        "customers:subscriptions",
        "customers:orders",
        "customers:contact-add",
    }
    return {
        name: reverse(name, args=[customer.tenant_id] if name in one_customer else known.get(name, []))
        for name in names(get_resolver())
        if name not in NOT_PAGES
    } | {
        "search": "/dashboard/search?q=a",
        "nothing found": "/commerce/customers?q=zzzzzz",
        "why": "/dashboard/me/why?path=/dashboard/billing",
        "not found": "/dashboard/help/nothing",
        "resolved alert": reverse("security:alert", args=[resolved_role_changes(admin).pk]),
    }


def refused_call(user: User) -> ApiRequest:
    """A call of the REST API that lacked MFA."""
    told = {"user_id": user.oid, "user_name": user.user_principal_name, "path": "/v1/customers", "ip": "127.0.0.1"}
    return ApiRequest.objects.create(
        **told, at=timezone.now(), tenant_id=user.tenant_id, application_id="20000000-0000-4000-8000-000000000001",
        operation="Get /v{version}/customers", status=401, code="900421", mfa=False, request_id="r", correlation_id="c",
        claims='{"amr": ["pwd"], "ver": "1.0"}',
    )  # fmt: skip


@pytest.fixture
def shown(
    client: Client, sign_in: SignIn, admin: User, pages: dict[str, str], op: Provider, people: FakeDirectory
) -> Callable[[], Pages]:
    """Every page of the portal, in the language of the client: `shown()`."""

    def walked() -> Pages:
        with recording() as seen:
            sign_in(client, admin)
            see(client, *pages.values())
            client.post("/commerce/customers/add", {"name": ""})
            token = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4IiwiaWF0IjoxfQ."
            client.post("/dashboard/help/api/token-decoder", {"token": token, "operation": "get_v1_customers"})
            see_developer_tools(client, token)
            see_users(client, admin, people)
            see_status(client, admin.tenant)
            see_workspace(client, admin.tenant)
            with override_settings(SECURITY_EVENTS=True):  # neither events arrive nor does the provider answer
                op.down.add("introspect")
                see(client, "/dashboard/account/users")
                op.down.clear()
            see_refusals(client, sign_in, admin)
            see_sign_ins(Browser(client, op))
            see(client, "/signed-out")
        language = client.cookies[settings.LANGUAGE_COOKIE_NAME].value
        with translation.override(language):
            drawn = {f"/{name}~{name}~": Answer(200, HTML, render_to_string(name).encode()) for name in ERRORS}
        return seen | drawn

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return walked


def see(client: Client, *addresses: str) -> None:
    for address in addresses:
        client.get(address, follow=True)


def see_developer_tools(client: Client, token: str) -> None:
    """A forged token and one that cannot be; faults of every kind in effect and one that cannot be."""
    forge, faults = "/dashboard/help/api/token-forge", "/dashboard/help/api/faults"
    order = {"kind": "person", "person": "a@contoso.example", "application": uuid4(), "version": "1.0"}
    chosen = {"audience": "partner-center", "amr": "pwd", "acr": "1", "flaw": "none"}
    with patch("api.views.forge.forged", return_value=token):
        assert client.post(forge, order | chosen | {"proven_ago": "0", "lifetime": "5"}).status_code == 200
    client.post(forge, order)
    given = {"operation": "any", "percent": "50", "minutes": "5", "seconds": "5", "milliseconds": "20"}
    for kind in FaultKind:
        client.post(faults, given | {"kind": kind, "application": uuid4(), "only_mine": "on"}, follow=True)
    client.post(faults, given | {"kind": "error", "minutes": "61"})


def see_users(client: Client, admin: User, people: FakeDirectory) -> None:
    """User management with the directory, with one that refuses or is down, and without any (M8, M21)."""
    users = "/dashboard/account/users"
    one = f"{users}/{admin.oid}"
    acts = ("disable", "enable", "revoke-sessions", "require-registration")
    see(client, users, f"{users}?role=sales-agent&last=never", one, f"{users}/invite", f"{one}/pass")
    see(client, f"{one}/what-if", f"{one}/what-if?page=billing&client=browser", f"{one}/what-if?page=application&ip=x")
    see(client, *(f"{one}/{name}" for name in acts))
    client.post(f"{one}/pass", {"minutes": "60"})
    client.post(f"{users}/invite", {"address": "nobody"})
    client.post(f"{one}/roles", {"shown": ["global-admin"], "roles": []})
    rows = "user_principal_name,add_roles\nnobody@contoso.example,sales-agent\nalejandra@contoso.example,emperor\n"
    for content in (rows, "name\nann\n"):
        client.post(f"{users}/bulk", {"file": SimpleUploadedFile("changes.csv", content.encode())}, follow=True)
    run_due()
    see(client, f"{users}/bulk", f"{users}/bulk/{BulkJob.objects.get().pk}")
    BulkJob.objects.update(session=None, state="running")
    see(client, f"{users}/bulk/{BulkJob.objects.get().pk}")
    people.down = True
    see(client, users)
    people.down = False
    with override_settings(GRAPH_URL=""):
        see(client, users, f"{users}/local/{admin.pk}")


def see_refusals(client: Client, sign_in: SignIn, admin: User) -> None:
    """What the gate answers (M12, V4)."""
    roles = list(admin.roles - {Role.USER})
    sign_in(client, admin)
    see_directory_unreachable(client)
    sign_in(client, admin, mfa=False, blocked=True)
    see(client, "/dashboard/overview", "/commerce/customers")
    sign_in(client, admin, mfa=False, roles=[])
    see(client, "/dashboard/overview", "/dashboard/billing", "/oidc/sign-out")
    admin.projected_roles = [role.value for role in roles]
    admin.save()


def see_directory_unreachable(client: Client) -> None:
    """An area that needs the directory's word of this moment, while nobody gives it (M22); any area will do."""
    areas = tuple(replace(area, needs_directory=True) for area in AREAS)
    with patch.object(matrix, "AREAS", areas), override_settings(SECURITY_EVENTS=True):
        matrix._live.cache_clear()
        see(client, "/commerce/customers")
        client.post(ADD, {"name": "A. Datum"})
    matrix._live.cache_clear()


def see_sign_ins(browser: Browser) -> None:
    """What a sign-in and a verification can end in, and a form that meets one."""
    client, op = browser.client, browser.op
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    client.post(ADD, {"name": "A. Datum"})
    client.get("/oidc/callback", {"code": "1", "state": "unknown"})
    for error, description in SIGN_IN_ERRORS:
        browser.bring_error(browser.leave(), error, description)
    op.changed["tid"] = NOBODYS
    op.changed["iss"] = f"{op.base}/{NOBODYS}/v2.0"
    browser.come_back(browser.leave())
    op.changed.clear()
    browser.sign_in()
    client.post(ADD, {"name": "A. Datum", "note": "first line", "password": "hunter2"})
    held = client.get("/oidc/step-up", {"held": str(HeldPost.objects.get().pk)})["Location"]
    browser.bring_error(held, "access_denied")
    browser.come_back(client.get("/oidc/step-up", {"next": "/commerce/customers"})["Location"])
    client.post(ADD, {"name": "x" * 300_000})
    url = client.get("/oidc/step-up", {"held": str(HeldPost.objects.get().pk)})["Location"]
    op.changed["amr"] = ["pwd", "mfa"]
    see(client, browser.come_back(url)["Location"], f"/dashboard/me/held/{uuid4()}")
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    cache.clear()
    op.down.add("discovery")
    see(client, "/oidc/authenticate")


def test_every_page_is_looked_at_and_axe_finds_nothing(client: Client, shown: Callable[[], Pages]) -> None:
    pages = shown()
    wanted = {name for name in page_templates() if name.split("/")[0] not in PROVIDER_FOLDERS | {ADMIN_CENTER_FOLDER}}
    assert never_shown(pages, wanted) == set()
    assert faults_of(pages, client, HOST) == {}


@pytest.mark.parametrize("language", ["ja", "ru"])
def test_no_page_is_wider_than_a_phone(client: Client, shown: Callable[[], Pages], language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert faults_of(shown(), client, HOST, axe=False) == {}
