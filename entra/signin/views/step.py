"""The door to an interaction, and the way out of it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from entra.signin.flows import advance, cancel
from entra.signin.models import Interaction
from entra.signin.steps import Step
from entra.signin.views.pages import sign_in_page


@require_safe
@sign_in_page
def step(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    return advance(request, interaction)


@require_POST
@sign_in_page
def cancel_step(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """The person declined; the application is told (OIDC Core 3.1.2.6) and keeps whatever session it had."""
    name = request.POST.get("step", "")
    cancel(interaction, Step(name) if name in set(Step) else Step.IDENTIFY)
    return advance(request, interaction)
