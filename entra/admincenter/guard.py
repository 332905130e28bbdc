"""Who may open a page of the admin center, and who may change something there. Weighed anew on every request."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entra.admincenter import sessions
from entra.admincenter.client import requests
from entra.admincenter.client.provider import CodeRefused, ProviderUnavailable
from entra.admincenter.client.registration import NoOrganization
from entra.admincenter.models import AdminSession
from entra.directory.models import DirectoryRole, Tenant, User
from entra.directory.services import administered_tenants, find_tenant, role_template_ids
from entra.signin.flows import SeeOther
from fluent.navigation import page_before

Page = Callable[..., HttpResponseBase]
TENANT = "tenant"
"""The parameter that says whose admin center a page is: a tenant's id, or one of its domains."""


class Need(Enum):
    """The directory roles of which one is enough."""

    SECURITY = (DirectoryRole.GLOBAL_ADMINISTRATOR, DirectoryRole.SECURITY_ADMINISTRATOR)
    GLOBAL = (DirectoryRole.GLOBAL_ADMINISTRATOR,)


@dataclass(frozen=True)
class Administrator:
    """Who is at the browser, with the roles that the directory says now."""

    session: AdminSession
    roles: frozenset[str]

    @property
    def account(self) -> User:
        return self.session.account

    @property
    def tenant(self) -> Tenant:
        return self.account.tenant

    @property
    def actor(self) -> str:
        """Who stands in the audit log as having done it."""
        return str(self.account.pk)

    def organizations(self) -> list[Tenant]:
        """Those whose admin center this person may open, this one among them."""
        return administered_tenants(self.account)

    def may(self, need: Need) -> bool:
        return any(role.value in self.roles for role in need.value)


def shown(view: Page) -> Page:
    """A page to look at: signed in with MFA, and an administrator of the tenant."""
    return require_safe(_guarded(view, Need.SECURITY))


def form_page(*, need: Need = Need.SECURITY) -> Callable[[Page], Page]:
    """A page with a form. Sending it takes `need` and a verification of the last 15 minutes.

    What was typed when the verification was too old is in `request.POST` again on the GET after it.
    """
    return lambda view: require_http_methods(["GET", "HEAD", "POST"])(_guarded(view, need, keeps_form=True))


def act(*, need: Need = Need.SECURITY) -> Callable[[Page], Page]:
    """An act without a page of its own: a button on another page."""
    return lambda view: require_POST(_guarded(view, need))


def inside(path: str) -> str:
    """`path` if it is a page of the admin center, else the overview."""
    parts = urlsplit(path)
    own = not parts.netloc and not parts.scheme and re.match(r"/admin(/|\?|\Z)", path)
    return path if own else reverse("admincenter:overview")


def page_acted_from(request: HttpRequest) -> str:
    """The page of the admin center that held the button."""
    return inside(page_before(request))


def _guarded(view: Page, need: Need, *, keeps_form: bool = False) -> Page:
    @wraps(view)
    def guarded(request: HttpRequest, **parts: str) -> HttpResponseBase:
        response = _refusal(request, need, keeps_form=keeps_form)
        if response is None:
            response = view(request, request.administrator, **parts)  # type: ignore[attr-defined]
        add_never_cache_headers(response)
        return response

    return guarded


def _refusal(request: HttpRequest, need: Need, *, keeps_form: bool) -> HttpResponseBase | None:
    """What is answered instead of the page; None when the page may be shown."""
    session = sessions.current(request)
    changes = request.method == "POST"
    if not changes and TENANT in request.GET:
        return _at(request, session)
    if session is None:
        next_path = page_acted_from(request) if changes else request.get_full_path()
        return sign_in(request, next_path=next_path, tenant=sessions.tenant_left(request))
    who = Administrator(session, frozenset(role_template_ids(session.account)))
    request.administrator = who  # type: ignore[attr-defined]
    for wanted in (Need.SECURITY, need) if changes else (Need.SECURITY,):
        if not who.may(wanted):
            return _forbidden(request, wanted)
    if changes and not sessions.is_fresh(session):
        held = request.POST if keeps_form and not request.FILES else None  # files are chosen again
        next_path = request.path if keeps_form else page_acted_from(request)
        return sign_in(request, next_path=next_path, tenant=who.tenant, session=session, held=held)
    if keeps_form and not changes and (form := requests.held_form(session, request.GET.get("held", ""))):
        request.POST = form  # type: ignore[assignment]
    return None


def _at(request: HttpRequest, session: AdminSession | None) -> HttpResponse:
    """The same page of the organization that the address names: whoever is signed in to another signs in to it."""
    tenant = find_tenant(request.GET[TENANT])
    if tenant is None:
        return problem(request, _("There is no such organization here."), HTTPStatus.NOT_FOUND)
    rest = request.GET.copy()
    del rest[TENANT]
    page = f"{request.path}?{rest.urlencode()}" if rest else request.path
    if session is not None and session.account.tenant_id == tenant.pk:
        return SeeOther(page)
    return sign_in(request, next_path=page, tenant=tenant)


def sign_in(
    request: HttpRequest,
    *,
    next_path: str,
    tenant: Tenant | None = None,
    session: AdminSession | None = None,
    held: object = None,
) -> HttpResponse:
    """Send the browser to the provider, like any client."""
    try:
        started = requests.start(request, next_path=next_path, tenant=tenant, session=session, held=held)  # type: ignore[arg-type]
    except (ProviderUnavailable, CodeRefused):
        return problem(request, _("The identity provider does not answer. Try again in a moment."))
    except NoOrganization:
        return problem(request, _("There is no organization here yet."), HTTPStatus.NOT_FOUND)
    return started.remember(SeeOther(started.url))


def problem(
    request: HttpRequest, message: str, status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE, code: str = ""
) -> HttpResponse:
    """The page for a sign-in that did not come about."""
    return render(request, "admincenter/problem.html", {"message": message, "code": code}, status=status)


def _forbidden(request: HttpRequest, need: Need) -> HttpResponse:
    who: Administrator = request.administrator  # type: ignore[attr-defined]
    context = {
        "who": who,
        "held": [DirectoryRole(role).label for role in sorted(who.roles)],
        "needed": [role.label for role in need.value],
        "inside": who.may(Need.SECURITY),
        "organizations": who.organizations(),
    }
    return render(request, "admincenter/forbidden.html", context, status=HTTPStatus.FORBIDDEN)
