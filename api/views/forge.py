"""The token forge: a token for a test, shown once (the demo alone)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule
from accounts.models import User
from accounts.oidc.graph import NoDirectory, graph_for
from api.decoder import decode
from api.forge import ForgeForm, NotForged, forged
from api.views.demo import demo_only
from msgraph.client import GraphUnavailable


@access_rule("token-forge")
@demo_only
@sensitive_variables("token", "context")
@require_http_methods(["GET", "HEAD", "POST"])
def token_forge(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = ForgeForm(request.POST or None, user=user)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        token = _forged(request, form)
        if token:
            context |= {"token": token, "decoded": decode(token)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "api/token_forge.html", context, status=status)


def _forged(request: HttpRequest, form: ForgeForm) -> str:
    """The token; empty where there is none, which the form then explains."""
    try:
        return forged(graph_for(request), form)
    except NotForged:
        return ""
    except (NoDirectory, GraphUnavailable):
        form.add_error(None, gettext("The identity provider does not answer. Try again in a moment."))
        return ""
