"""Named locations."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entra.admincenter.forms.location import LocationForm
from entra.admincenter.guard import Administrator, form_page, shown
from entra.admincenter.refusals import would_lock_out
from entra.policy.administration import LocationInUse, remove_location, save_location
from entra.policy.models import NamedLocation
from entra.signin.flows import SeeOther
from entra.signin.lockout import WouldLockOut, keeps_an_administrator


def _find(who: Administrator, location_id: UUID) -> NamedLocation:
    return get_object_or_404(NamedLocation.objects.select_related("tenant"), tenant=who.tenant, pk=location_id)


def _url() -> str:
    return reverse("admincenter:locations")


@shown
def locations(request: HttpRequest, who: Administrator) -> HttpResponse:
    found = NamedLocation.objects.filter(tenant=who.tenant).order_by("name")
    rows = found.prefetch_related("included_in", "excluded_in")
    return render(request, "admincenter/locations.html", {"rows": [(row, _policies(row)) for row in rows]})


def _policies(location: NamedLocation) -> list[str]:
    return sorted({policy.name for policy in (*location.included_in.all(), *location.excluded_in.all())})


@form_page()
def new_location(request: HttpRequest, who: Administrator) -> HttpResponse:
    return _write(request, who, None)


@form_page()
def edit_location(request: HttpRequest, who: Administrator, location_id: UUID) -> HttpResponse:
    return _write(request, who, _find(who, location_id))


def _write(request: HttpRequest, who: Administrator, location: NamedLocation | None) -> HttpResponse:
    form = LocationForm(request.POST or None, tenant=who.tenant, location=location)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with keeps_an_administrator(who.tenant):
                save_location(
                    tenant=who.tenant,
                    location=location,
                    name=said["name"],
                    cidr_ranges=said["ranges"],
                    is_trusted=said["is_trusted"],
                    actor=who.actor,
                )
        except WouldLockOut:
            form.add_error(None, would_lock_out())
        else:
            messages.success(request, _("“%(name)s” was saved.") % {"name": said["name"]})
            return SeeOther(_url())
    return render(request, "admincenter/location_form.html", {"form": form, "location": location})


@form_page()
def remove(request: HttpRequest, who: Administrator, location_id: UUID) -> HttpResponse:
    location = _find(who, location_id)
    if request.method == "POST":
        try:
            with keeps_an_administrator(who.tenant):
                remove_location(location=location, actor=who.actor)
        except LocationInUse:
            messages.error(request, _("A policy names this location. Change the policy first."))
        except WouldLockOut:
            messages.error(request, would_lock_out())
        else:
            messages.success(request, _("“%(name)s” was deleted.") % {"name": location.name})
        return SeeOther(_url())
    return render(request, "admincenter/location_remove.html", {"location": location})
