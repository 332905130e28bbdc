"""The first page of the security workspace (M6): what wants a look, and the way to each of its pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from customers.http import PartnerRequest
from security.alerts.figures import figures
from security.sections import SECTIONS


@access_rule("security")
@require_safe
def workspace(request: PartnerRequest) -> HttpResponse:
    sections = [(section, reverse(section.url_name)) for section in SECTIONS]
    context = {"figures": figures(request.user, now=timezone.now()), "sections": sections}
    return render(request, "security/workspace.html", context)
