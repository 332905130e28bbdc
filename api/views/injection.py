"""Fault injection: what is in effect in the organization, starting one, ending one (the demo alone)."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access_rule
from accounts.models import User
from api.injection import ADMINISTRATORS, HEADER, LATEST_MILLISECONDS, LONGEST, end_fault, may_end, start_fault
from api.models import FaultKind, InjectedFault
from api.operations import OPERATIONS
from api.views.demo import demo_only

_LONGEST_MINUTES = int(LONGEST.total_seconds()) // 60
_ANY = "any"
_ROWS = {row.name: row for row in OPERATIONS}


class FaultForm(forms.Form):
    kind = forms.ChoiceField(label=_("Answer with"), choices=FaultKind.choices)
    operation = forms.ChoiceField(
        label=_("Operation"),
        choices=[(_ANY, _("Every operation")), *((name, f"{row.method} {row.path}") for name, row in _ROWS.items())],
    )
    application = forms.UUIDField(
        label=_("Application ID"),
        required=False,
        help_text=_("Left empty, every application's calls are hit."),
        error_messages={"invalid": _("Enter the application's ID, such as 10000000-0000-4000-8000-000000000001.")},
    )
    most = forms.IntegerField(
        label=_("How many calls"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("The next ones. Left empty, only the time ends it."),
    )
    percent = forms.IntegerField(label=_("Percent of the calls"), min_value=1, max_value=100, initial=100)
    minutes = forms.IntegerField(
        label=_("For how many minutes"), min_value=1, max_value=_LONGEST_MINUTES, initial=10, help_text=_("60 at most.")
    )
    seconds = forms.IntegerField(
        label=_("Retry-After in seconds"), min_value=1, max_value=3600, initial=5, help_text=_("Of 429 and 503.")
    )
    milliseconds = forms.IntegerField(
        label=_("Milliseconds late"),
        min_value=1,
        max_value=LATEST_MILLISECONDS,
        initial=2000,
        help_text=_("Of a late answer: 10,000 at most. Few calls wait at a time; more are answered at once."),
    )
    only_mine = forms.BooleanField(label=_("My own calls only"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["only_mine"].disabled = not ADMINISTRATORS & user.roles

    def fault(self) -> InjectedFault:
        said = self.cleaned_data
        kind = FaultKind(said["kind"])
        return InjectedFault(
            kind=kind,
            operation="" if said["operation"] == _ANY else said["operation"],
            application_id=str(said["application"] or ""),
            user_id=(self.user.oid or self.user.subject) if said["only_mine"] else "",
            most=said["most"],
            percent=said["percent"],
            seconds=said["seconds"] if kind in {FaultKind.THROTTLED, FaultKind.UNAVAILABLE} else 0,
            milliseconds=said["milliseconds"] if kind is FaultKind.LATENCY else 0,
        )


@access_rule("faults")
@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def faults(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = FaultForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        start_fault(actor=user, fault=form.fault(), minutes=form.cleaned_data["minutes"])
        messages.success(request, gettext("The fault is in effect."))
        return redirect("api:faults")
    rows = InjectedFault.objects.of_tenant(user.tenant_id).in_effect(timezone.now()).order_by("at")
    context = {
        "form": form,
        "faults": [(fault, _ROWS.get(fault.operation), may_end(user, fault)) for fault in rows],
        "header": HEADER,
        "administrator": bool(ADMINISTRATORS & user.roles),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "api/faults.html", context, status=status)


@access_rule("faults")
@demo_only
@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    try:
        end_fault(actor=user, pk=pk)
    except InjectedFault.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, gettext("The fault has ended."))
    return redirect("api:faults")
