"""Add a method on "My security info": choose, set up, prove. Always after a fresh verification (ASVS 7.5.1)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from entra.directory.methods import REGISTRABLE, MethodKind
from entra.policy.services import allowed_methods
from entra.signin.enrolment import begin, set_up
from entra.signin.flows import SeeOther
from entra.signin.labels import LABELS, labels
from entra.signin.method import Method
from entra.signin.security_info import Need, Standing
from entra.signin.session import ensure_session, record_event
from entra.signin.views.security_info import card, needs
from entra.signin.views.security_info_urls import address
from entra.signin.views.set_up import SetUpPage


def _kinds(who: Standing) -> frozenset[MethodKind]:
    return allowed_methods(who.account.tenant) & frozenset(REGISTRABLE)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Need.CHANGE, back_to="add")
def add(request: HttpRequest, who: Standing) -> HttpResponse:
    kinds = _kinds(who)
    chosen = request.POST.get("method")
    if request.method == "POST" and chosen in kinds:
        begin(ensure_session(request), account=who.account, kind=MethodKind(chosen))
        return SeeOther(reverse("security_info:set_up"))
    return render(request, "signin/security_info_add.html", {**card(who), "kinds": labels(kinds)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Need.CHANGE, back_to="add")
def set_up_method(request: HttpRequest, who: Standing) -> HttpResponse:
    bench = ensure_session(request)
    page = SetUpPage(request, bench, who.account, _kinds(who))
    if page.kind is None:
        return SeeOther(address("add"))
    done = page.finish() if request.method == "POST" else None
    if done is not None:
        record_event(
            request,
            account=who.account,
            method=Method(done.kind),
            user_verified=done.user_verified,
            device_id=done.device_id,
            resource_tenant=who.account.tenant,
        )
        messages.success(request, _("%(method)s was added.") % {"method": LABELS[done.kind].title})
        return SeeOther(address("overview"))
    context = {**card(who), "form": page.form, "set_up": set_up(bench, account=who.account)}
    return render(request, "signin/security_info_set_up.html", context)
