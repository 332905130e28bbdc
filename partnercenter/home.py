"""`/`: the start page of whoever comes."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import Access, access_rule
from accounts.roles import Role

_STATUS = "security-requirements"


@access_rule("public")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go on to the overview; a CPV admin, who may not open it, to the security requirements status (M1)."""
    access: Access = request.access  # type: ignore[attr-defined]
    if access.roles and Role.CPV_ADMIN in access.roles:
        for area in access.areas:
            if area.key == _STATUS:
                return HttpResponseRedirect(area.prefixes[0])
    return HttpResponseRedirect(reverse("overview"))
