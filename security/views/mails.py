"""Who is mailed about the status, and what: the page *Mails* and its forms (M9, Q1)."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_rule
from customers.http import PartnerRequest
from mailing.services import supported_language
from security import wording
from security.mails.decision import STEADY
from security.mails.forms import ChoicesForm, SubscribeForm, initial_choices
from security.mails.services import MOST_ADDRESSES, Choices, Refusal, Refused, ask_again, change, remove, subscribe
from security.models import MailSubscription
from security.offer import offered_only

_REFUSALS: dict[Refusal, Promise] = {
    Refusal.ALREADY_THERE: gettext_lazy("This address is on the list already."),
    Refusal.TOO_MANY_ADDRESSES: gettext_lazy("The list is full. Remove an address first."),
    Refusal.TOO_MANY_QUESTIONS: gettext_lazy("Too many confirmation mails were sent today. Try again tomorrow."),
}


@access_rule("security-requirements")
@require_safe
@offered_only
def mails(request: PartnerRequest) -> HttpResponse:
    wanted = {"address": request.user.user_principal_name, "language": supported_language([get_language() or ""])}
    return _show(request, SubscribeForm(initial=wanted))


def _show(request: PartnerRequest, form: SubscribeForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    rows = MailSubscription.objects.visible_to(request.user)
    context = {"form": form, "rows": [_told(row) for row in rows], "most": MOST_ADDRESSES, "steady": STEADY.days}
    return render(request, "security/mails.html", context, status=status)


def _told(row: MailSubscription) -> dict[str, object]:
    alerts = [(wording.MEASURES[measure], wording.percent(percent)) for measure, percent in row.watched.items()]
    return {"row": row, "alerts": alerts}


@access_rule("security-requirements")
@require_http_methods(["GET", "HEAD", "POST"])
@offered_only
def add_mail(request: PartnerRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("requirements:mails")
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        subscription = subscribe(user=request.user, address=form.cleaned_data["address"], choices=form.choices)
    except Refused as refused:
        form.add_error("address", str(_REFUSALS[refused.refusal]))
        return _show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _asked(subscription))
    return redirect("requirements:mails")


def _asked(subscription: MailSubscription) -> str:
    return _("A link to confirm was mailed to %(address)s.") % {"address": subscription.address}


@access_rule("security-requirements")
@require_http_methods(["GET", "HEAD", "POST"])
@offered_only
def mail_choices(request: PartnerRequest, subscription_id: UUID) -> HttpResponse:
    subscription = _find(request, subscription_id)
    known = Choices(subscription.language, subscription.weekly_on, subscription.watched)
    form = ChoicesForm(request.POST or None, initial=initial_choices(known))
    if request.method == "POST" and form.is_valid():
        change(user=request.user, subscription=subscription, choices=form.choices)
        messages.success(request, _("The choices were saved."))
        return redirect("requirements:mails")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "security/mail_choices.html", {"subscription": subscription, "form": form}, status=status)


@access_rule("security-requirements")
@require_POST
@offered_only
def ask_mail_again(request: PartnerRequest, subscription_id: UUID) -> HttpResponse:
    subscription = _find(request, subscription_id)
    try:
        ask_again(user=request.user, subscription=subscription)
    except Refused as refused:
        messages.error(request, str(_REFUSALS[refused.refusal]))
    else:
        messages.success(request, _asked(subscription))
    return redirect("requirements:mails")


@access_rule("security-requirements")
@require_POST
@offered_only
def remove_mail(request: PartnerRequest, subscription_id: UUID) -> HttpResponse:
    subscription = _find(request, subscription_id)
    remove(user=request.user, subscription=subscription)
    messages.success(request, _("%(address)s gets no more mails.") % {"address": subscription.address})
    return redirect("requirements:mails")


def _find(request: PartnerRequest, subscription_id: UUID) -> MailSubscription:
    return get_object_or_404(MailSubscription.objects.visible_to(request.user), pk=subscription_id)
