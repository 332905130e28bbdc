"""`/`: the start page of whoever comes."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import Access, access_rule
from accounts.redirects import with_next
from accounts.roles import Role

_STATUS = "security-requirements"


@access_rule("public")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go on to the overview; a CPV admin, who may not open it, to the security requirements status (M1).

    Which of them it is, is known of nobody who has not signed in, so that comes first.
    """
    access: Access = request.access  # type: ignore[attr-defined]
    if access.roles is None:
        return HttpResponseRedirect(with_next("oidc_authentication_init", reverse("home")))
    if Role.CPV_ADMIN in access.roles:
        for area in access.areas:
            if area.key == _STATUS:
                return HttpResponseRedirect(area.prefixes[0])
    return HttpResponseRedirect(reverse("overview"))
