"""Ends a sign-in that a device waits for: the device is told when it polls, the person on a page."""

from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from entra.apps.services import find_application
from entra.oauth import devices
from entra.oauth.grants import create_grant
from entra.signin.decide import Issue, Refuse
from entra.signin.flows import SeeOther
from entra.signin.gather import Weighing
from entra.signin.models import Interaction
from entra.signin.network import client_ip
from entra.signin.sign_in_log import record_answer


def answer_device(request: HttpRequest, interaction: Interaction, weighing: Weighing) -> HttpResponse:
    """Approve or refuse. Nothing is approved before the person has seen which application it is."""
    decision = weighing.decision
    if isinstance(decision, Issue) and not interaction.state.get("device_confirmed"):
        return SeeOther(reverse("oauth:device-confirm", args=[interaction.pk]))
    told = _tell(request, weighing)
    record_answer(request, interaction, weighing, decision if told else Refuse("expired_token", 70019))
    interaction.delete()
    context = {
        "application": find_application(weighing.request.client_id),
        "approved": told and isinstance(decision, Issue),
        "in_time": told,
    }
    status = HTTPStatus.OK if told else HTTPStatus.GONE
    response = render(request, "oauth/device_done.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@transaction.atomic
def _tell(request: HttpRequest, weighing: Weighing) -> bool:
    """Whether the device was still waiting. A grant that nobody waits for is taken back."""
    device, decision = weighing.request.device, weighing.decision
    if isinstance(decision, Refuse):
        return devices.refuse(device=device, code=decision.code)
    if not isinstance(decision, Issue):
        message = "Only an outcome can be answered"
        raise TypeError(message)
    grant = create_grant(weighing, decision, ip=client_ip(request))
    if devices.approve(device=device, grant=grant):
        return True
    grant.delete()
    return False
