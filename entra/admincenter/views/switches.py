"""Security defaults, the methods policy, legacy authentication and the password grant."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entra.admincenter import people
from entra.admincenter.forms.switches import MethodsForm
from entra.admincenter.guard import Administrator, act, form_page
from entra.admincenter.refusals import would_lock_out
from entra.directory.methods import REGISTRABLE
from entra.policy.administration import set_allowed_methods, set_legacy_block, set_password_grant, set_security_defaults
from entra.policy.evaluate import REGISTRATION_PERIOD
from entra.policy.models import AuthenticationPolicy, SecurityDefaults
from entra.policy.services import allowed_methods
from entra.signin.flows import SeeOther
from entra.signin.lockout import WouldLockOut, keeps_an_administrator


@form_page()
def security_defaults(request: HttpRequest, who: Administrator) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        on = request.POST.get("on") == "1"
        try:
            with keeps_an_administrator(who.tenant):
                set_security_defaults(tenant=who.tenant, on=on, actor=who.actor)
        except WouldLockOut:
            refusal = would_lock_out()
        else:
            messages.success(request, _("Security defaults are on.") if on else _("Security defaults are off."))
            return SeeOther(reverse("admincenter:security_defaults"))
    row = SecurityDefaults.objects.filter(tenant=who.tenant).first()
    context = {
        "defaults": row,
        "until": row.enabled_at + REGISTRATION_PERIOD if row else None,
        "days": REGISTRATION_PERIOD.days,
        "unregistered": sum(1 for _account in people.to_register(who.tenant)),
        "refusal": refusal,
    }
    return render(request, "admincenter/security_defaults.html", context)


@form_page()
def methods(request: HttpRequest, who: Administrator) -> HttpResponse:
    stated = AuthenticationPolicy.objects.filter(tenant=who.tenant).first()
    own = stated is not None and stated.allowed_methods is not None
    allowed = allowed_methods(who.tenant)
    initial = {"own": "own" if own else "", "kinds": [kind.value for kind in REGISTRABLE if kind in allowed]}
    form = MethodsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with keeps_an_administrator(who.tenant):
                set_allowed_methods(tenant=who.tenant, kinds=form.chosen(), actor=who.actor)
        except WouldLockOut:
            form.add_error(None, would_lock_out())
        else:
            messages.success(request, _("The methods policy was saved."))
            return SeeOther(reverse("admincenter:methods"))
    context = {
        "form": form,
        "blocks_legacy": stated is not None and stated.blocks_legacy_authentication,
        "allows_password_grant": stated is not None and stated.allows_password_grant,
    }
    return render(request, "admincenter/methods.html", context)


@act()
def legacy(request: HttpRequest, who: Administrator) -> HttpResponse:
    """People at pages are not touched, so nobody can be locked out of signing in by one."""
    on = request.POST.get("on") == "1"
    set_legacy_block(tenant=who.tenant, on=on, actor=who.actor)
    said = _("Legacy authentication is blocked.") if on else _("Legacy authentication is no longer blocked.")
    messages.success(request, said)
    return SeeOther(reverse("admincenter:methods"))


@act()
def password_grant(request: HttpRequest, who: Administrator) -> HttpResponse:
    """It adds a way to get a token by a password alone (V14), and takes no way of signing in from anybody."""
    on = request.POST.get("on") == "1"
    set_password_grant(tenant=who.tenant, on=on, actor=who.actor)
    said = _("Applications may exchange passwords for tokens.") if on else _("The password grant is off.")
    messages.success(request, said)
    return SeeOther(reverse("admincenter:methods"))
