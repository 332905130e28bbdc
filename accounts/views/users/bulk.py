"""Bulk changes: upload, dry run, run, progress, result."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import sessions
from accounts.access import access_rule
from accounts.models import BulkJob, BulkRow, JobState, PortalSession, RowState
from accounts.oidc.graph import graph_of
from accounts.users.bulk import services
from accounts.users.bulk.labels import JOB_LABELS, ROW_BADGES, ROW_LABELS, planned_labels, why
from accounts.users.bulk.reading import COLUMNS, LARGEST, FileUnusable
from accounts.users.bulk.runner import right_of
from accounts.views.users.trouble import over_the_directory
from accounts.views.users.viewer import viewer_of
from fluent.listing.export import as_attachment, csv_lines

_PAGE_SIZE = 50
_RECENT = 20
_EXAMPLE = """user_principal_name,add_roles,remove_roles,account,registration
sam@contoso.example,sales-agent;helpdesk-agent,,,
pat@contoso.example,,billing-admin,disable,
kim@contoso.example,,,enable,require"""


class UploadForm(forms.Form):
    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))

    def content(self) -> bytes:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        return bytes(upload.read(LARGEST + 1))


@access_rule("users")
@require_http_methods(["GET", "HEAD", "POST"])
@over_the_directory
def bulk(request: HttpRequest) -> HttpResponseBase:
    """The jobs of this organization, and a form for another file."""
    session = _session(request)
    graph_of(session)  # without a directory there is nothing to change in bulk
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            name = form.cleaned_data["file"].name or "users.csv"
            job = services.upload(session=session, file_name=name, content=form.content())
        except FileUnusable as unusable:
            form.add_error("file", str(unusable.reason))
        else:
            return HttpResponseRedirect(reverse("users:bulk-job", args=[job.pk]))
    jobs = BulkJob.objects.filter(tenant=session.user.tenant).select_related("created_by")[:_RECENT]
    context = {"form": form, "jobs": [(job, JOB_LABELS[JobState(job.state)]) for job in jobs], "example_file": _EXAMPLE}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/users/bulk.html", context, status=status)


@access_rule("users")
@require_safe
def bulk_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a job is, and its rows, of one outcome if asked, fifty at a time."""
    job = _job(request, job_id)
    counted = BulkRow.objects.filter(job=job).values_list("state").annotate(Count("pk")).order_by()
    counts = {RowState(state): count for state, count in counted}
    chosen, after = _chosen(request.GET.get("state", "")), _number(request.GET.get("after", "0"))
    rows = BulkRow.objects.filter(job=job, number__gt=after)
    if chosen is not None:
        rows = rows.filter(state=chosen)
    found = list(rows[: _PAGE_SIZE + 1])
    left = counts.get(RowState.WAITING, 0)
    if job.state not in {JobState.CHECKING, JobState.CHECKED}:
        left += counts.get(RowState.READY, 0)
    total = sum(counts.values())
    context = {
        "job": job,
        "state_label": JOB_LABELS[JobState(job.state)],
        "counts": [(state, ROW_LABELS[state], counts[state]) for state in RowState if counts.get(state)],
        "total": total,
        "gone_through": total - left,
        "waits": job.moving and right_of(job) is None,
        "ready": counts.get(RowState.READY, 0),
        "chosen": chosen,
        "rows": [_shown(row) for row in found[:_PAGE_SIZE]],
        "next": _next(found, chosen),
    }
    return render(request, "accounts/users/bulk_job.html", context)


@access_rule("users")
@require_POST
def bulk_run(request: HttpRequest, job_id: int) -> HttpResponse:
    """Carry the checked rows out, or let a job that waits for somebody go on, with this person's right."""
    job = _job(request, job_id)
    if services.start(job=job, session=_session(request)):
        messages.success(request, gettext("The changes are being made."))
    return HttpResponseRedirect(reverse("users:bulk-job", args=[job.pk]))


@access_rule("users")
@require_POST
def bulk_stop(request: HttpRequest, job_id: int) -> HttpResponse:
    job = _job(request, job_id)
    services.stop(job=job, session=_session(request))
    messages.success(request, gettext("The job was stopped. What was done stays done."))
    return HttpResponseRedirect(reverse("users:bulk-job", args=[job.pk]))


@access_rule("users")
@require_safe
def bulk_result(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The file again, each row with its outcome."""
    job = _job(request, job_id)
    titles = [*COLUMNS, "result", "reason"]
    response = StreamingHttpResponse(csv_lines(titles, _lines(job)), content_type="text/csv; charset=utf-8")
    return as_attachment(response, f"bulk-{job.pk}")


def _lines(job: BulkJob) -> Iterator[list[Any]]:
    for row in BulkRow.objects.filter(job=job).iterator(chunk_size=2000):
        account = {None: "", True: "enable", False: "disable"}[row.enable]
        registration = "require" if row.require_registration else ""
        roles = ";".join(row.add_roles), ";".join(row.remove_roles)
        yield [row.user_principal_name, *roles, account, registration, row.state, str(why(row))]


def _shown(row: BulkRow) -> dict[str, Any]:
    state = RowState(row.state)
    return {
        "row": row,
        "label": ROW_LABELS[state],
        "badge": ROW_BADGES[state],
        "planned": planned_labels(row),
        "why": why(row),
    }


def _session(request: HttpRequest) -> PortalSession:
    session = sessions.of(request)
    if session is None:
        raise Http404
    return session


def _job(request: HttpRequest, job_id: int) -> BulkJob:
    jobs = BulkJob.objects.select_related("created_by")
    return get_object_or_404(jobs, pk=job_id, tenant=viewer_of(request).tenant)


def _chosen(text: str) -> RowState | None:
    return next((state for state in RowState if state.value == text), None)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _next(found: list[BulkRow], chosen: RowState | None) -> str:
    if len(found) <= _PAGE_SIZE:
        return ""
    state = f"state={chosen.value}&" if chosen is not None else ""
    return f"?{state}after={found[_PAGE_SIZE - 1].number}"
