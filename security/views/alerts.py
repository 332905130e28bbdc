"""The list of alerts, and one of them with what it rests on."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access_rule, held_area_keys
from customers.http import PartnerRequest
from security.alerts.evidence import evidence_of
from security.alerts.figures import duration_text, figures
from security.alerts.forms import NoteForm, ResolveForm
from security.alerts.lists import ALERTS, SEVERITY_BADGES, STATUS_BADGES
from security.alerts.words import advice, sentence
from security.models import SecurityAlert


@access_rule("security")
@require_safe
def alert_list(request: PartnerRequest) -> HttpResponseBase:
    known = figures(request.user, now=timezone.now())
    rows = SecurityAlert.objects.visible_to(request.user)
    return ALERTS.answer(request, rows, total=known.total, template="security/alerts.html", context={"figures": known})


@access_rule("security")
@require_safe
def alert_detail(request: PartnerRequest, alert_id: UUID) -> HttpResponse:
    return show(request, find(request, alert_id))


def find(request: PartnerRequest, alert_id: UUID) -> SecurityAlert:
    return get_object_or_404(SecurityAlert.objects.visible_to(request.user), pk=alert_id)


def show(
    request: PartnerRequest,
    alert: SecurityAlert,
    *,
    resolving: ResolveForm | None = None,
    noting: NoteForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "alert": alert,
        "sentence": sentence(alert),
        "advice": advice(alert),
        "evidence": evidence_of(alert, request.user, held=held_area_keys(request)),
        "notes": alert.notes.all(),
        "response": duration_text(alert.acted_at - alert.detected_at) if alert.acted_at else "",
        "severity_badge": SEVERITY_BADGES[alert.severity],
        "status_badge": STATUS_BADGES[alert.status],
        "resolve_form": resolving or ResolveForm(initial={"version": alert.version}),
        "note_form": noting or NoteForm(auto_id="note_%s"),
    }
    return render(request, "security/alert.html", context, status=status)
