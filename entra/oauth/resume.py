"""Where an interaction gets its answer that cannot be given at once."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from entra.oauth.answer import answer
from entra.signin.decide import Ask
from entra.signin.flows import advance, load_interaction
from entra.signin.gather import weigh


@require_GET
def resume(request: HttpRequest, interaction_id: str) -> HttpResponse:
    """Decide again, from what is stored: arriving here proves nothing."""
    interaction = load_interaction(request, interaction_id)
    weighing = weigh(request, interaction)
    if isinstance(weighing.decision, Ask):
        return advance(request, interaction, weighing)
    return answer(request, interaction, weighing, after_form=True)
