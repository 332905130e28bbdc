"""The security requirements of the workspace: the score, and what each of its points rests on (M6)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule, held_area_keys
from accounts.models import PartnerTenant
from customers.forms.address import phone
from customers.http import PartnerRequest
from fluent.charts import Point
from security.models import SecurityContact, StatusSnapshot
from security.score.figures import figures_of
from security.score.rules import VERSION, Figures, weigh
from security.score.services import set_contact
from security.score.words import row_of, share_text

_DAYS = 30


class ContactForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    mail = forms.EmailField(label=gettext_lazy("Mail address"))
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=30, required=False, validators=[phone])


@access_rule("security")
@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: PartnerRequest) -> HttpResponse:
    contact = SecurityContact.objects.filter(tenant=request.user.tenant).first()
    initial = {"name": contact.name, "mail": contact.mail, "phone": contact.phone} if contact else {}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        changed = set_contact(user=request.user, **form.cleaned_data)
        messages.success(request, _("The security contact was saved.") if changed else _("Nothing was changed."))
        return redirect("security:requirements")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "security/requirements.html", {"form": form, **_context(request)}, status=status)


def _context(request: PartnerRequest) -> dict[str, object]:
    tenant, now = request.user.tenant, timezone.now()
    figures = figures_of(tenant, now=now)
    score = weigh(figures, today=now.astimezone(UTC).date(), programs=tenant.program_set)
    held = held_area_keys(request)
    points = _history(tenant, now)
    return {
        "score": score,
        "percent": number_format(score.percent, 1),
        "rows": [row_of(row, figures, held=held) for row in score.rows],
        "organization": _organization(figures),
        "version": VERSION,
        "history": points,
        "days": [point for point in reversed(points) if point.percent is not None],
        "first": points[0].title,
        "recompute": "security-requirements" in held,
        "window": (_day(now) - timedelta(days=_DAYS - 1), _day(now)),
    }


def _organization(figures: Figures) -> dict[str, object]:
    """The figures of *At your organization*; complete where every account has MFA enforced."""
    known = figures.admins is not None and figures.everybody is not None
    shares = [share for share in (figures.admins, figures.everybody) if share is not None]
    return {
        "admins": share_text(figures.admins),
        "everybody": share_text(figures.everybody),
        "complete": known and all(share.done == share.all for share in shares),
    }


def _history(tenant: PartnerTenant, now: datetime) -> list[Point]:
    """The score of each of the last 30 days, oldest first, as its snapshot kept it; a gap where there is none."""
    first = _day(now) - timedelta(days=_DAYS - 1)
    kept = dict(StatusSnapshot.objects.filter(tenant=tenant, day__gte=first).values_list("day", "score"))
    days = [first + timedelta(days=number) for number in range(_DAYS)]
    return [_point(day, kept.get(day)) for day in days]


def _point(day: date, score: Decimal | None) -> Point:
    said = number_format(score, 1) if score is not None else _("no figure")
    return Point(f"{date_format(day)}: {said}", int(score) if score is not None else None)


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
