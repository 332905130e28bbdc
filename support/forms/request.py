"""A new customer request, and a reply to one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.models import Customer
from support.forms.files import FilesField, FormWithFiles
from support.models.request import Severity, severities
from support.models.topic import SupportTopic, support_topics

PRODUCTS = (
    "Azure",
    "Dynamics 365",
    "Exchange Online",
    "Intune",
    "Microsoft 365",
    "Power Platform",
    "SharePoint Online",
    "Teams",
)


class NewRequestForm(FormWithFiles):
    customer = forms.CharField(
        label=_("Customer"),
        max_length=253,
        help_text=_("The customer's domain or customer ID, for example fourthcoffee.example."),
    )
    title = forms.CharField(label=_("Title"), max_length=160)
    description = forms.CharField(
        label=_("What happens, since when, and whom it affects"), max_length=8000, widget=forms.Textarea
    )
    topic = forms.TypedChoiceField(label=_("Topic"), choices=support_topics, initial=SupportTopic.OTHER, coerce=int)
    severity = forms.ChoiceField(label=_("Severity"), choices=severities, initial=Severity.MODERATE)
    product_name = forms.ChoiceField(
        label=_("Product"), required=False, choices=[("", _("Not sure")), *((name, name) for name in PRODUCTS)]
    )
    contact_name = forms.CharField(label=_("Contact at the customer"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Contact's email"), required=False)
    attachments = FilesField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_customer(self) -> Customer:
        """By domain or id rather than a list of thousands; only the partner's own customers are found."""
        text = str(self.cleaned_data["customer"]).strip().lower()
        rows = Customer.objects.visible_to(self.user)
        found = rows.filter(domain=text).first()
        if found is None and _is_uuid(text):
            found = rows.filter(tenant_id=text).first()
        if found is None:
            raise forms.ValidationError(_("None of your customers has this domain or ID."))
        return found


class ReplyForm(FormWithFiles):
    text = forms.CharField(label=_("Reply"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = FilesField()


def _is_uuid(text: str) -> bool:
    try:
        forms.UUIDField().clean(text)
    except forms.ValidationError:
        return False
    return True
