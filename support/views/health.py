from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from customers.http import PartnerRequest
from support.lists import INCIDENT_BADGES, INCIDENTS
from support.models import ServiceIncident


@access_rule("service-health")
@require_safe
def incident_list(request: PartnerRequest) -> HttpResponseBase:
    rows = ServiceIncident.objects.visible_to(request.user)
    current = [(each, INCIDENT_BADGES[each.status]) for each in rows.unresolved().order_by("-last_updated_time")[:6]]
    return INCIDENTS.answer(request, rows, template="support/incidents.html", context={"current": current})


@access_rule("service-health")
@require_safe
def incident_detail(request: PartnerRequest, number: str) -> HttpResponse:
    incident = get_object_or_404(ServiceIncident.objects.visible_to(request.user), number=number)
    context = {"incident": incident, "updates": incident.updates.all(), "badge": INCIDENT_BADGES[incident.status]}
    return render(request, "support/incident.html", context)
