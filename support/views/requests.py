from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import access_rule, allowed_area_keys
from customers.http import PartnerRequest
from support.counts import request_counts
from support.forms import ReplyForm
from support.lists import REQUESTS, SEVERITY_BADGES, STATUS_BADGES
from support.models import Attachment, CustomerRequest, Note
from support.services.presence import note_presence


@access_rule("customer-requests")
@require_safe
def request_list(request: PartnerRequest) -> HttpResponseBase:
    rows = CustomerRequest.objects.visible_to(request.user).select_related("customer")
    counts = request_counts(request.user)
    return REQUESTS.answer(
        request, rows, total=counts.total, template="support/requests.html", context={"open_requests": counts.open}
    )


@access_rule("customer-requests")
@require_safe
def request_detail(request: PartnerRequest, request_id: UUID) -> HttpResponse:
    return show(request, find(request, request_id), ReplyForm())


def find(request: PartnerRequest, request_id: UUID) -> CustomerRequest:
    rows = CustomerRequest.objects.visible_to(request.user).select_related("customer")
    return get_object_or_404(rows, pk=request_id)


def show(
    request: PartnerRequest, case: CustomerRequest, form: ReplyForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    files: dict[int | None, list[Attachment]] = {}
    for each in case.attachments.all():
        files.setdefault(each.note_id, []).append(each)
    notes: list[tuple[Note, list[Attachment]]] = [(note, files.get(note.pk, [])) for note in case.notes.all()]
    context = {
        "case": case,
        "files": files.get(None, []),
        "notes": notes,
        "form": form,
        "others": note_presence(user=request.user, case=case),
        "status_badge": STATUS_BADGES[case.status],
        "severity_badge": SEVERITY_BADGES[case.severity],
        "may_open_customer": "customers" in allowed_area_keys(request),
    }
    return render(request, "support/request.html", context, status=status)
