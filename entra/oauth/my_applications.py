"""The applications a person lets act in their name, and taking that back (S2, ASVS 10.7.3)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from entra.apps.permitted import Permitted, permitted_by
from entra.directory.models import User
from entra.oauth.models import Grant
from entra.oauth.revocation import revoke_consent
from entra.signin.flows import SeeOther
from entra.signin.permissions import described
from entra.signin.security_info import Need, Standing
from entra.signin.views.security_info import card, needs


@require_safe
@needs(Need.VIEW, back_to="applications")
def my_applications(request: HttpRequest, who: Standing) -> HttpResponse:
    accounts = _accounts(who)
    used = last_used(accounts)
    found = permitted_by(accounts)
    context = {
        "account": who.account,
        "own": [_shown(one, used) for one in found if not one.for_everybody],
        # What an administrator allowed for everybody is theirs to take back; shown where it has been made use of.
        "organizations": [_shown(one, used) for one in found if one.for_everybody and _key(one) in used],
        "several": len(accounts) > 1,
    }
    return render(request, "oauth/my_applications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Need.VIEW, back_to="applications")
def my_application(request: HttpRequest, who: Standing, account_id: UUID, client_id: UUID) -> HttpResponse:
    """Ask before everything that the application may do for the account is taken back; then take it."""
    account = next((one for one in _accounts(who) if one.pk == account_id), None)
    found = [one for one in permitted_by([account]) if one.application.pk == client_id] if account else []
    own = next((one for one in found if not one.for_everybody), None)
    if account is None or own is None:
        raise Http404
    if request.method == "POST":
        revoke_consent(application=own.application, account=account, actor=str(account.pk))
        said = _("“%(name)s” may no longer do anything in your name.") % {"name": own.application.name}
        messages.success(request, said)
        return SeeOther(reverse("oauth:my-applications"))
    context = {
        "application": own.application,
        "permissions": described(own.scopes),
        "organization": account.tenant.display_name,
        "still": any(one.for_everybody for one in found),
    }
    return render(request, "oauth/my_application.html", card(who) | context)


def _accounts(who: Standing) -> list[User]:
    """The person's own account and those that stand for it in other organizations."""
    return [who.account, *who.account.guest_accounts.select_related("tenant", "home_account").order_by("pk")]


def last_used(accounts: Iterable[User]) -> dict[tuple[UUID, UUID], datetime]:
    """When tokens were last issued, by application and account, as far as the grants of it are kept."""
    grants = Grant.objects.filter(account__in=accounts).values_list("application_id", "account_id")
    newest = grants.annotate(made=Max("created_at"), refreshed=Max("refresh_tokens__issued_at"))
    return {(app, account): max(filter(None, (made, again))) for app, account, made, again in newest}


def _key(one: Permitted) -> tuple[UUID, UUID]:
    return one.application.pk, one.account.pk


def _shown(one: Permitted, used: dict[tuple[UUID, UUID], datetime]) -> dict[str, object]:
    return {"what": one, "permissions": described(one.scopes), "used_at": used.get(_key(one))}
