"""The demo's own pages: who is who, their codes of this moment, and the mails sent."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from entra.directory.models import User
from entra.signin.demo import demo_page, is_demo, organizations, seconds_left, world
from entra.signin.outbox import find_mail, mails


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The provider's front door: the demo's people in the demo, else one's own security info."""
    return redirect("demo:personas" if is_demo(request) else "security_info:overview")


@require_safe
@demo_page
def personas(request: HttpRequest) -> HttpResponse:
    entries = [
        (
            organization,
            [(persona, _sign_in_url(persona.account)) for persona in organization.personas],
        )
        for organization in organizations()
    ]
    return render(
        request,
        "demo/personas.html",
        {"organizations": entries, "password": world()["password"], "seconds_left": seconds_left()},
    )


@require_safe
@demo_page
def outbox(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/outbox.html", {"mails": mails()})


@require_safe
@demo_page
def outbox_mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    mail = find_mail(mail_id)
    if mail is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": mail})


def _sign_in_url(account: User) -> str:
    """A guest is sent to the organization visited; everybody else's own is known."""
    visited = {"tenant": str(account.tenant_id)} if account.home_account_id else {}
    hints = {"login_hint": account.home.user_principal_name, **visited}
    return f"{settings.PORTAL_URL}/oidc/authenticate?{urlencode(hints)}"
