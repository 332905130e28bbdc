from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access_rule
from customers.http import PartnerRequest
from support.forms import NewRequestForm, ReplyForm
from support.services import AlreadyDone
from support.services.requests import close, open_request, reopen, reply
from support.views.requests import find, show


@access_rule("customer-requests")
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: PartnerRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = NewRequestForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        user=request.user,
        initial={"customer": request.GET.get("customer", "")[:253]},
    )
    if posted and form.is_valid():
        case = open_request(user=request.user, **form.cleaned_data)
        messages.success(request, _("Request %(number)s was opened.") % {"number": case.number})
        return redirect("support:request", case.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "support/new_request.html", {"form": form}, status=status)


@access_rule("customer-requests")
@require_http_methods(["GET", "HEAD", "POST"])
def reply_to(request: PartnerRequest, request_id: UUID) -> HttpResponse:
    """GET answers too: after a step-up the browser comes back to the address of the form."""
    case = find(request, request_id)
    if request.method != "POST":
        return redirect("support:request", case.pk)
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, case, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        reply(user=request.user, case=case, **form.cleaned_data)
    except AlreadyDone:
        form.add_error(None, _("Somebody closed this request meanwhile. Reopen it to send your reply."))
        form.ask_for_files_again()
        return show(request, find(request, request_id), form, HTTPStatus.CONFLICT)
    messages.success(request, _("Your reply was added."))
    return redirect("support:request", case.pk)


@access_rule("customer-requests")
@require_POST
def close_request(request: PartnerRequest, request_id: UUID) -> HttpResponse:
    case = find(request, request_id)
    try:
        close(user=request.user, case=case)
    except AlreadyDone:
        messages.info(request, _("The request was closed already."))
    else:
        messages.success(request, _("The request was closed."))
    return redirect("support:request", case.pk)


@access_rule("customer-requests")
@require_POST
def reopen_request(request: PartnerRequest, request_id: UUID) -> HttpResponse:
    case = find(request, request_id)
    try:
        reopen(user=request.user, case=case)
    except AlreadyDone:
        messages.info(request, _("The request was open already."))
    else:
        messages.success(request, _("The request was reopened."))
    return redirect("support:request", case.pk)
