"""The door to an interaction: goes on to whatever page comes next."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from entra.signin.flows import advance, load_interaction


@require_safe
def step(request: HttpRequest, interaction_id: str) -> HttpResponse:
    return advance(request, load_interaction(request, interaction_id))
