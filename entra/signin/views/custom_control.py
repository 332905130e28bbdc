"""To a third party's custom control and back (V4, V9). The way back ends in `federate.returned`."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from entra.federation import services
from entra.federation.errors import AnswerRefused
from entra.signin.flows import SeeOther, advance, expected
from entra.signin.models import Interaction
from entra.signin.steps import Step
from entra.signin.views.federate import refused
from entra.signin.views.pages import sign_in_page
from fluent.navigation import leave


@require_safe
@sign_in_page
def custom_control(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """Send the person to the third party with our signed request."""
    turn = expected(request, interaction, Step.CUSTOM_CONTROL)
    if turn is None or turn[0].account is None:
        return advance(request, interaction)
    account, control_id = turn[0].account.home, turn[1].control
    address = services.ask_control(interaction_id=interaction.pk, account=account, control_id=control_id)
    return leave(request, address)


@csrf_exempt  # posted by the third party; its signature and the id of our request stand in for the token
@require_POST
def receive_control_answer(request: HttpRequest) -> HttpResponse:
    """Where custom controls post their signed answer. Reads no cookie."""
    try:
        answer = services.receive_control_answer(request.POST.get("answer", ""))
    except AnswerRefused as refusal:
        return refused(request, refusal)
    return SeeOther(reverse("signin:returned", args=[answer.pk]))
