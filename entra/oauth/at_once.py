"""The last form of a sign-in is followed by the answer itself, without a way round by `oauth:resume`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from entra.oauth.answer import answer
from entra.signin.flows import Decided
from entra.signin.request import SignInRequest


class AnswerAtOnceMiddleware:
    """Answers what a page has just decided. It does nothing to pages that were only looked at: their address may be
    opened again, or by a program that follows links."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, Decided) and request.method == "POST" and not _stays(response.weighing.request):
            return answer(request, response.interaction, response.weighing, after_form=True)
        return response


def _stays(asked: SignInRequest) -> bool:
    """Whether the answer is a page to read or to press a button on, which needs an address of its own."""
    return asked.response_mode == "form_post" or bool(asked.device)
