"""The language switch, which remembers the choice for the mails to whoever is signed in."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import check_for_language

from entra.directory.languages import note_language
from entra.signin.session import signed_in_account
from fluent import views


def language(request: HttpRequest) -> HttpResponse:
    response = views.language(request)
    chosen, account = request.POST.get("language", ""), signed_in_account(request)
    if account is not None and check_for_language(chosen):
        note_language(account, chosen)
    return response
