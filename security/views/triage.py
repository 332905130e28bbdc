"""What people do about an alert. Whoever acts upon a state that is gone is told, and nothing is written over."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access_rule
from customers.http import PartnerRequest
from security.alerts.forms import NoteForm, ResolveForm, VersionForm
from security.alerts.services import ChangedMeanwhile, add_note, reopen, resolve, take_up
from security.kinds import AlertStatus, ResolvedReason
from security.models import SecurityAlert
from security.views.alerts import find, show


@access_rule("security")
@require_POST
def take_alert_up(request: PartnerRequest, alert_id: UUID) -> HttpResponse:
    alert, form = find(request, alert_id), VersionForm(request.POST)
    try:
        take_up(user=request.user, alert=alert, version=_version(form))
    except ChangedMeanwhile:
        messages.warning(request, _changed(find(request, alert_id)))
    else:
        messages.success(request, _("You are investigating this alert now."))
    return redirect("security:alert", alert.pk)


@access_rule("security")
@require_http_methods(["GET", "HEAD", "POST"])
def resolve_alert(request: PartnerRequest, alert_id: UUID) -> HttpResponse:
    """GET answers too: after a step-up the browser comes back to the address of the form."""
    alert = find(request, alert_id)
    if request.method != "POST":
        return redirect("security:alert", alert.pk)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return show(request, alert, resolving=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    reason = ResolvedReason(form.cleaned_data["reason"])
    try:
        resolve(
            user=request.user,
            alert=alert,
            version=form.cleaned_data["version"],
            reason=reason,
            note=form.cleaned_data["note"],
        )
    except ChangedMeanwhile:
        return _show_what_changed(request, alert_id, form)
    messages.success(request, _("The alert was resolved."))
    return redirect("security:alert", alert.pk)


def _show_what_changed(request: PartnerRequest, alert_id: UUID, form: ResolveForm) -> HttpResponse:
    """The page as it is now, with what was typed: it can still be sent, or kept as a note."""
    alert = find(request, alert_id)
    typed = {**form.cleaned_data, "version": alert.version}
    messages.warning(request, _changed(alert))
    note = NoteForm(initial={"text": typed["note"]}, auto_id="note_%s") if alert.is_resolved else None
    return show(request, alert, resolving=ResolveForm(initial=typed), noting=note, status=HTTPStatus.CONFLICT)


@access_rule("security")
@require_POST
def reopen_alert(request: PartnerRequest, alert_id: UUID) -> HttpResponse:
    alert, form = find(request, alert_id), VersionForm(request.POST)
    try:
        reopen(user=request.user, alert=alert, version=_version(form))
    except ChangedMeanwhile:
        messages.warning(request, _changed(find(request, alert_id)))
    else:
        messages.success(request, _("The alert was reopened, and you are investigating it."))
    return redirect("security:alert", alert.pk)


@access_rule("security")
@require_http_methods(["GET", "HEAD", "POST"])
def note_alert(request: PartnerRequest, alert_id: UUID) -> HttpResponse:
    alert = find(request, alert_id)
    if request.method != "POST":
        return redirect("security:alert", alert.pk)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return show(request, alert, noting=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    add_note(user=request.user, alert=alert, text=form.cleaned_data["text"])
    messages.success(request, _("Your note was added."))
    return redirect("security:alert", alert.pk)


def _version(form: VersionForm) -> int:
    """A version that cannot be read is that of no alert."""
    return int(form.cleaned_data["version"]) if form.is_valid() else 0


def _changed(alert: SecurityAlert) -> str:
    """Who did what meanwhile."""
    if alert.status == AlertStatus.RESOLVED:
        values = {"name": alert.resolved_by, "reason": alert.get_resolved_reason_display()}
        return _("Nothing was changed: %(name)s resolved this alert meanwhile. %(reason)s.") % values
    if alert.status == AlertStatus.INVESTIGATING:
        said = _("Nothing was changed: %(name)s took this alert up meanwhile.")
        return said % {"name": alert.assigned_to}
    return _("Nothing was changed: the page was out of date. Look at the alert and try again.")
