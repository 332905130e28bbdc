"""The token decoder (requirement A7)."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule
from accounts.models import User
from api.caller import known_person
from api.decoder import decode, verdict
from api.openapi import operation_id
from api.operations import OPERATIONS
from api.tokens import AccessToken

_BY_ID = {operation_id(row): row for row in OPERATIONS}


class DecoderForm(forms.Form):
    token = forms.CharField(
        label=_("Access token"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("It is read here and forgotten: nothing you paste is stored."),
    )
    operation = forms.ChoiceField(
        label=_("Operation"),
        choices=[(key, f"{row.method} {row.path}") for key, row in _BY_ID.items()],
        initial="get_v1_customers",
    )


@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@access_rule("help")
def token_decoder(request: HttpRequest) -> HttpResponse:
    form = DecoderForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        decoded = decode(form.cleaned_data["token"])
        context["decoded"] = decoded
        if decoded.token is not None:
            row = _BY_ID[form.cleaned_data["operation"]]
            person = _person(request.user, decoded.token)  # type: ignore[arg-type]
            context["verdict"] = verdict(decoded.token, row, person)
    return render(request, "api/token_decoder.html", context, status=422 if form.errors else 200)


def _person(viewer: User, token: AccessToken) -> User | None:
    """The token's person, where they are of the viewer's own organization: nobody learns another's roles."""
    person: User | None = known_person(token) if token.tenant_id == viewer.tenant_id else None
    return person
