from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.forms import Form, model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule
from customers.forms import CustomerForm
from customers.http import PartnerRequest
from customers.models import Customer
from customers.services import EditConflict
from customers.services.customers import BILLING_FIELDS, COMPANY_FIELDS, add_customer, edit_customer


@access_rule("customers")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PartnerRequest) -> HttpResponse:
    form = CustomerForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            customer = add_customer(user=request.user, values=form.cleaned_data)
        except IntegrityError:
            check_again(form)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": customer.company_name})
            return redirect("customers:detail", customer.tenant_id)
    return render(request, "customers/add.html", {"form": form}, status=form_status(form))


@access_rule("customers")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PartnerRequest, tenant_id: UUID) -> HttpResponse:
    rows = Customer.objects.visible_to(request.user).select_related("billing_profile")
    customer = get_object_or_404(rows, tenant_id=tenant_id)
    form = CustomerForm(request.POST or None, user=request.user, customer=customer, initial=_values(customer))
    if request.method == "POST" and form.is_valid():
        try:
            edit_customer(
                user=request.user,
                customer=customer,
                expected_version=form.cleaned_data["version"] or 0,
                values=form.cleaned_data,
            )
        except EditConflict:
            return _conflict(request, form, customer)
        except IntegrityError:
            check_again(form)
        else:
            messages.success(request, _("The changes were saved."))
            return redirect("customers:detail", customer.tenant_id)
    return render(request, "customers/edit.html", {"form": form, "customer": customer}, status=form_status(form))


def form_status(form: Form) -> HTTPStatus:
    """A form shown again because of errors is not a success: 422 keeps it out of the operation log (Q10)."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def check_again(form: Form) -> None:
    """The database refused what the form allowed: a second click, or somebody else, took the domain or address.

    Checked now, the form finds the other row and says so.
    """
    form.full_clean()
    if not form.errors:
        raise  # noqa: PLE0704 - called while the refusal is being handled; nothing the person could correct


def _values(customer: Customer) -> dict[str, Any]:
    values = model_to_dict(customer.billing_profile, fields=BILLING_FIELDS)
    return {**values, **model_to_dict(customer, fields=COMPANY_FIELDS), "version": customer.version}


def _conflict(request: PartnerRequest, form: CustomerForm, customer: Customer) -> HttpResponse:
    """What was typed stays; what the other person saved is listed; saving again is a decision, not an accident."""
    saved = _values(customer)
    differences = [
        (bound.label, saved[bound.name])
        for bound in form.visible_fields()
        if str(saved.get(bound.name, "")) != str(form.cleaned_data.get(bound.name, ""))
    ]
    form.data = request.POST.copy()
    form.data["version"] = str(customer.version)
    context = {"form": form, "customer": customer, "conflict": True, "differences": differences}
    return render(request, "customers/edit.html", context, status=HTTPStatus.CONFLICT)
