from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule
from customers.forms import ContactForm
from customers.http import PartnerRequest
from customers.models import Contact, Customer
from customers.services import EditConflict
from customers.services.contacts import add_contact, edit_contact, remove_contact
from customers.views.edit import check_again, form_status

FIELDS = ("first_name", "last_name", "job_title", "email", "phone_number")


@access_rule("customers")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_add(request: PartnerRequest, tenant_id: UUID) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), tenant_id=tenant_id)
    form = ContactForm(request.POST or None, customer=customer)
    if request.method == "POST" and form.is_valid():
        try:
            contact = add_contact(user=request.user, customer=customer, values=_only_fields(form))
        except IntegrityError:
            check_again(form)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": contact})
            return redirect("customers:detail", customer.tenant_id)
    context = {"form": form, "customer": customer}
    return render(request, "customers/contact_form.html", context, status=form_status(form))


@access_rule("customers")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: PartnerRequest, tenant_id: UUID, contact_id: int) -> HttpResponse:
    contact = _contact(request, tenant_id, contact_id)
    initial = model_to_dict(contact, fields=[*FIELDS, "version"])
    form = ContactForm(request.POST or None, customer=contact.customer, contact=contact, initial=initial)
    context: dict[str, Any] = {"form": form, "customer": contact.customer, "contact": contact}
    status = None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            edit_contact(user=request.user, contact=contact, expected_version=version, values=_only_fields(form))
        except EditConflict:
            status = HTTPStatus.CONFLICT
            context["conflict"] = [(form[name].label, initial[name]) for name in FIELDS]
            form.data = request.POST.copy()
            form.data["version"] = str(contact.version)
        except IntegrityError:
            check_again(form)
        else:
            messages.success(request, _("The changes were saved."))
            return redirect("customers:detail", tenant_id)
    return render(request, "customers/contact_form.html", context, status=status or form_status(form))


@access_rule("customers")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_remove(request: PartnerRequest, tenant_id: UUID, contact_id: int) -> HttpResponse:
    contact = _contact(request, tenant_id, contact_id)
    if request.method == "POST":
        remove_contact(user=request.user, contact=contact)
        messages.success(request, _("%(name)s was removed.") % {"name": contact})
        return redirect("customers:detail", tenant_id)
    return render(request, "customers/contact_remove.html", {"contact": contact, "customer": contact.customer})


def _contact(request: PartnerRequest, tenant_id: UUID, contact_id: int) -> Contact:
    rows = Contact.objects.visible_to(request.user).select_related("customer")
    return get_object_or_404(rows, pk=contact_id, customer__tenant_id=tenant_id)


def _only_fields(form: ContactForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in FIELDS}
