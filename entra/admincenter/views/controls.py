"""Custom controls: which there are and who uses them, writing and deleting one. They never count as MFA (V9)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entra.admincenter.certificates import shown_certificate
from entra.admincenter.forms.control import ControlForm
from entra.admincenter.guard import Administrator, form_page, shown
from entra.federation import identity
from entra.policy.administration import ControlInUse, remove_control, save_control
from entra.policy.models import CustomControl
from entra.signin.flows import SeeOther


def _find(who: Administrator, control_id: UUID) -> CustomControl:
    return get_object_or_404(CustomControl.objects.select_related("tenant"), tenant=who.tenant, pk=control_id)


def _url(control: CustomControl) -> str:
    return reverse("admincenter:control", args=[control.pk])


@shown
def controls(request: HttpRequest, who: Administrator) -> HttpResponse:
    found = CustomControl.objects.filter(tenant=who.tenant).order_by("name")
    rows = [
        (control, shown_certificate(control.certificate), control.conditionalaccesspolicy_set.all())
        for control in found.prefetch_related("conditionalaccesspolicy_set")
    ]
    return render(request, "admincenter/controls.html", {"rows": rows})


@shown
def control_page(request: HttpRequest, who: Administrator, control_id: UUID) -> HttpResponse:
    control = _find(who, control_id)
    context = {
        "control": control,
        "certificate": shown_certificate(control.certificate),
        "policies": control.conditionalaccesspolicy_set.order_by("name"),
        "policy_url": f"{reverse('admincenter:new_policy')}?control={control.pk}",
        "return_url": identity.control_return_url(),
        "own_metadata": identity.entity_id(),
    }
    return render(request, "admincenter/control.html", context)


@form_page()
def new_control(request: HttpRequest, who: Administrator) -> HttpResponse:
    return _write(request, who, None)


@form_page()
def edit_control(request: HttpRequest, who: Administrator, control_id: UUID) -> HttpResponse:
    return _write(request, who, _find(who, control_id))


def _write(request: HttpRequest, who: Administrator, control: CustomControl | None) -> HttpResponse:
    form = ControlForm(request.POST or None, tenant=who.tenant, control=control)
    if request.method == "POST" and form.is_valid():
        saved = save_control(tenant=who.tenant, control=control, actor=who.actor, **form.cleaned_data)
        messages.success(request, _("“%(name)s” was saved.") % {"name": saved.name})
        return SeeOther(_url(saved))
    return render(request, "admincenter/control_form.html", {"form": form, "control": control})


@form_page()
def remove(request: HttpRequest, who: Administrator, control_id: UUID) -> HttpResponse:
    control = _find(who, control_id)
    if request.method == "POST":
        name = control.name
        try:
            remove_control(control=control, actor=who.actor)
        except ControlInUse as used:
            said = _("“%(name)s” cannot be deleted: it is used by %(policies)s. Change these policies first.")
            messages.error(request, said % {"name": name, "policies": ", ".join(f"“{one}”" for one in used.policies)})
            return SeeOther(_url(control))
        messages.success(request, _("“%(name)s” was deleted.") % {"name": name})
        return SeeOther(reverse("admincenter:controls"))
    return render(request, "admincenter/control_remove.html", {"control": control})
