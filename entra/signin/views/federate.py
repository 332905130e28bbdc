"""To the person's own identity provider and back (V2, V7), and the way back that all third parties share.

The answer arrives as a POST from a foreign site, without our cookie. It is validated and kept, and the browser goes
on by GET, which brings the cookie: only there is the answer given to the interaction, if it is this browser's.
"""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from entra.federation import identity, services
from entra.federation.errors import AnswerRefused
from entra.federation.models import MfaBehavior
from entra.federation.saml import metadata, parsing
from entra.signin.flows import SeeOther, advance, choose_account, expected, note_federated_mfa_asked, prove, refuse
from entra.signin.gather import sign_in_request
from entra.signin.method import Method, Source
from entra.signin.models import Interaction
from entra.signin.request import Prompt
from entra.signin.session import signed_in_account
from entra.signin.steps import Step
from entra.signin.typed_name import typed_name
from entra.signin.views.pages import sign_in_page
from fluent.navigation import leave

logger = logging.getLogger(__name__)


@require_safe
@sign_in_page
def federate(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """Send the person to sign in at home. A page of its own goes on: this may follow a form POST."""
    name, fresh, mfa = _wanted(request, interaction)
    federated = services.federation_of(name) if name else None
    if federated is None:
        return advance(request, interaction)
    mfa = mfa and federated.federated_idp_mfa_behavior == MfaBehavior.ENFORCE
    if mfa:
        note_federated_mfa_asked(interaction)
    address = services.ask_to_sign_in(
        federated=federated, interaction_id=interaction.pk, sign_in_name=name, fresh=fresh, mfa=mfa
    )
    return leave(request, address)


def _wanted(request: HttpRequest, interaction: Interaction) -> tuple[str, bool, bool]:
    """Who is to sign in, whether afresh, and whether MFA is to be proven there."""
    if name := typed_name(interaction):
        asked = sign_in_request(interaction)
        return name, Prompt.LOGIN in asked.prompt or asked.max_age is not None, asked.is_essential
    turn = expected(request, interaction, Step.FEDERATE)
    if turn is None or turn[0].account is None:
        return "", False, False
    return turn[0].account.home.user_principal_name, turn[1].fresh, turn[1].mfa


@csrf_exempt  # posted by the identity provider; the signature and InResponseTo stand in for the token
@require_POST
def receive_assertion(request: HttpRequest) -> HttpResponse:
    """The assertion consumer service. Reads no cookie."""
    try:
        answer = services.receive_assertion(parsing.decode(request.POST.get("SAMLResponse", "")))
    except AnswerRefused as refusal:
        return refused(request, refusal)
    return SeeOther(reverse("signin:returned", args=[answer.pk]))


def refused(request: HttpRequest, refusal: AnswerRefused) -> HttpResponse:
    """A page that says that the answer is not believed; why is in the log, for the administrator."""
    logger.warning("Answer of a third party refused: %s", refusal)
    return render(request, "signin/answer_refused.html", {"code": refusal.code}, status=HTTPStatus.BAD_REQUEST)


@require_GET
def returned(request: HttpRequest, answer_id: str) -> HttpResponse:
    """Give the kept answer to the interaction it belongs to, if that is this browser's."""
    try:
        interaction_id = services.waiting_for(answer_id)
    except AnswerRefused:
        interaction_id = ""  # taken or too late: the same page as for a foreign interaction
    return _deliver(request, interaction_id=interaction_id, answer_id=answer_id)


def _deliver(request: HttpRequest, *, interaction_id: str, answer_id: str) -> HttpResponse:
    @sign_in_page
    def deliver(request: HttpRequest, interaction: Interaction) -> HttpResponse:
        try:
            outcome = services.take_answer(answer_id)
        except AnswerRefused as refusal:
            return refused(request, refusal)
        _accept(request, interaction, outcome)
        return advance(request, interaction)

    return deliver(request, interaction_id=interaction_id)


def _accept(request: HttpRequest, interaction: Interaction, outcome: services.Outcome) -> None:
    if outcome.declined:
        unmet = outcome.wanted_mfa and not outcome.control_id
        error = "unmet_authentication_requirements" if unmet else "access_denied"
        refuse(interaction, error=error, code=outcome.declined)
    elif outcome.account is None or outcome.asked_about not in {"", outcome.account.user_principal_name}:
        # Unknown here, or somebody else than the person asked about: never let in under the other's name.
        refuse(interaction, error="access_denied", code=50020)
    elif outcome.control_id:
        _accept_control(request, interaction, outcome)
    else:
        choose_account(interaction, outcome.account)
        prove(
            request,
            interaction,
            account=outcome.account,
            method=Method.FEDERATED,
            source=Source.FEDERATED,
            proves_mfa=outcome.proves_mfa,
            at=outcome.at,
        )


def _accept_control(request: HttpRequest, interaction: Interaction, outcome: services.Outcome) -> None:
    """A custom control was passed. It is recorded, and never counts as MFA (V9)."""
    if outcome.account is None or signed_in_account(request) != outcome.account:
        return  # signed out meanwhile: the interaction asks again
    prove(
        request,
        interaction,
        account=outcome.account,
        method=Method.CUSTOM_CONTROL,
        source=Source.FEDERATED,
        device_id=outcome.control_id,
    )


@require_safe
def federation_metadata(request: HttpRequest) -> HttpResponse:
    """Our SAML metadata, for the administrators of federated providers and custom controls."""
    xml = metadata.to_xml(
        entity_id=identity.entity_id(),
        consumer_url=identity.consumer_url(),
        certificate_pem=identity.signing_pair().certificate_pem,
    )
    return HttpResponse(xml, content_type="application/samlmetadata+xml")
