"""Help (M17): index, terms, questions about MFA, and the guided verification examples."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from partnercenter.examples import EXAMPLES, Example
from partnercenter.questions import QUESTIONS
from partnercenter.terms import TERMS

PERSONAS_PATH = "/demo/personas"


@require_safe
@access_rule("help")
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "partnercenter/help.html", {"demo": settings.DEMO})


@require_safe
@access_rule("help")
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "partnercenter/terms.html", {"terms": TERMS})


@require_safe
@access_rule("help")
def questions(request: HttpRequest) -> HttpResponse:
    return render(request, "partnercenter/questions.html", {"questions": QUESTIONS})


@require_safe
@access_rule("help")
def verification_examples(request: HttpRequest) -> HttpResponse:
    context = {"examples": EXAMPLES, "personas_url": personas_url()}
    return render(request, "partnercenter/verification_examples.html", context)


@require_safe
@access_rule("help")
def verification_example(request: HttpRequest, slug: str) -> HttpResponse:
    example = next((example for example in EXAMPLES if example.slug == slug), None)
    if example is None:
        raise Http404
    context = {"example": example, "steps": steps_with_links(example), "personas_url": personas_url()}
    return render(request, "partnercenter/verification_example.html", context)


def personas_url() -> str:
    """The provider's page of demo people; there is none outside the demo."""
    return f"{settings.ENTRA_URL}{PERSONAS_PATH}" if settings.DEMO else ""


def steps_with_links(example: Example) -> list[dict[str, object]]:
    return [{"step": step, "url": _address(step.page)} for step in example.steps]


def _address(page: str) -> str:
    try:
        return reverse(page) if page else ""
    except NoReverseMatch:
        return ""
