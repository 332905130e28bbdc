"""Where the links of mails lead (M16). Programs that look at every link of a mail change nothing: a person presses."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule
from security.mails.links import to_unsubscribe
from security.mails.services import asked_by, confirm, unsubscribe


@access_rule("public")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm_mail(request: HttpRequest, token: str) -> HttpResponse:
    pressed = request.method == "POST"
    subscription = confirm(token=token) if pressed else asked_by(token)
    if subscription is None:
        return render(request, "security/mail_link_void.html", status=HTTPStatus.GONE)
    return render(request, "security/mail_confirm.html", {"subscription": subscription, "done": pressed})


@csrf_exempt  # a mail program presses without a cookie (RFC 8058 section 3.2); the token alone says what ends
@access_rule("public")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Answered without a redirect, as RFC 8058 asks."""
    pressed = request.method == "POST"
    known = unsubscribe(token=token) if pressed else to_unsubscribe(token) is not None
    if not known:
        return render(request, "security/mail_link_void.html", status=HTTPStatus.GONE)
    return render(request, "security/mail_unsubscribe.html", {"done": pressed})
