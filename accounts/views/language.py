"""The language switch, which remembers the choice for the mails to whoever is signed in."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import check_for_language

from accounts import sessions
from accounts.access import access_rule
from accounts.models import User
from fluent import views


@access_rule("public")
def language(request: HttpRequest) -> HttpResponse:
    response = views.language(request)
    chosen, session = request.POST.get("language", ""), sessions.of(request)
    if session is not None and check_for_language(chosen):
        User.objects.filter(pk=session.user_id).update(language=chosen)
    return response
