"""Permissions requested: what the application would be able to do, Accept or Cancel (OIDC Core 3.1.2.4)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from entra.apps.consents import may_consent_for_everybody, record_consent
from entra.apps.services import find_application
from entra.signin.flows import advance, consent, expected
from entra.signin.forms import ConsentForm
from entra.signin.models import Interaction
from entra.signin.permissions import described
from entra.signin.steps import Step
from entra.signin.views.pages import show, sign_in_page


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_page
def permissions(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    turn = expected(request, interaction, Step.CONSENT)
    account = turn[0].account if turn else None
    application = find_application(str(interaction.client_id))
    if turn is None or account is None or application is None:
        return advance(request, interaction)
    scopes = turn[0].request.scope
    form = ConsentForm(request.POST or None) if may_consent_for_everybody(account) else None
    if request.method == "POST":
        everybody = form is not None and form.is_valid() and form.cleaned_data["for_everybody"]
        record_consent(
            application=application, account=account, scopes=scopes, for_everybody=everybody, mfa=turn[1].verified
        )
        consent(interaction)
        return advance(request, interaction)
    return show(
        request,
        "signin/consent.html",
        interaction,
        Step.CONSENT,
        identity=account.home.user_principal_name,
        application=application,
        form=form,
        permissions=described(scopes),
        tenant=account.tenant,
    )
