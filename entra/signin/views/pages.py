"""What all sign-in pages share: finding the interaction, the card around the step, the page for a lost one."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entra.directory.methods import MethodKind, TooManyGuesses
from entra.directory.services import find_domain
from entra.signin.flows import InteractionLost, load_interaction
from entra.signin.models import Interaction
from entra.signin.steps import Step
from entra.signin.waiting import minutes_until

Page = Callable[[HttpRequest, Interaction], HttpResponse]


def sign_in_page(view: Page) -> Callable[..., HttpResponse]:
    """Hand the view this browser's interaction. A foreign, answered or expired one gets a page that says what to do."""

    @wraps(view)
    def with_interaction(request: HttpRequest, interaction_id: str) -> HttpResponse:
        try:
            interaction = load_interaction(request, interaction_id)
        except InteractionLost:
            response = render(request, "signin/lost.html", status=HTTPStatus.NOT_FOUND)
        else:
            response = view(request, interaction)
        # The Back button asks again and is led to the step the sign-in really stands at.
        add_never_cache_headers(response)
        return response

    return with_interaction


def show(
    request: HttpRequest, template: str, interaction: Interaction, step: Step, *, identity: str = "", **context: Any
) -> HttpResponse:
    """Render one step inside the card. `identity` is the name being signed in, proven or not."""
    domain = find_domain(identity) if identity and interaction.tenant is None else None
    tenant = interaction.tenant or (domain.tenant if domain else None)
    shared = {
        "branding": tenant.display_name if tenant else "",
        "identity": identity,
        "interaction": interaction,
        "step": step,
    }
    return render(request, template, shared | context)


def too_many(refusal: TooManyGuesses) -> str:
    """The message for an exhausted guess limit; the same whether the account exists or not."""
    minutes = minutes_until(refusal.until)
    return ngettext(
        "Too many wrong attempts. Try again in %(minutes)d minute.",
        "Too many wrong attempts. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def wrong_code(kind: MethodKind) -> str:
    if kind is MethodKind.RECOVERY_CODE:
        return _("That recovery code isn't right, or it was used already.")
    return _("That code isn't right, or it was used already. Wait for the next one and try again.")
