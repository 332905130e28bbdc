"""Adding or editing a customer: the company and whom its invoices address."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from customers.forms.address import AddressForm, phone
from customers.models import Customer, Relationship
from customers.models.customer import customer_states, relationships

# RFC 1035 labels, at least two; the last one not only digits.
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,63}")
LANGUAGES = [("en", "English"), ("ja", "日本語"), ("ru", "Русский"), ("de", "Deutsch"), ("fr", "Français")]


class CustomerForm(AddressForm):
    company_name = forms.CharField(label=gettext_lazy("Company name"), max_length=120)
    domain = forms.CharField(
        label=gettext_lazy("Domain"),
        max_length=253,
        help_text=gettext_lazy("The customer's own domain, for example fourthcoffee.example."),
    )
    email = forms.EmailField(label=gettext_lazy("Email"), required=False)
    relationship_to_partner = forms.ChoiceField(label=gettext_lazy("Relationship"), choices=relationships)
    associated_partner_id = forms.RegexField(
        r"^\d{5,10}$",
        label=gettext_lazy("Indirect reseller's partner ID"),
        required=False,
        help_text=gettext_lazy("Needed only for a customer served through an indirect reseller."),
        error_messages={"invalid": gettext_lazy("A partner ID has 5 to 10 digits.")},
    )
    state = forms.ChoiceField(label=gettext_lazy("Status"), choices=customer_states)
    first_name = forms.CharField(label=gettext_lazy("Billing contact's first name"), max_length=60)
    last_name = forms.CharField(label=gettext_lazy("Billing contact's last name"), max_length=60)
    phone_number = forms.CharField(label=gettext_lazy("Telephone"), max_length=30, required=False, validators=[phone])
    language = forms.ChoiceField(label=gettext_lazy("Language of invoices"), choices=LANGUAGES)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = (
        "company_name", "domain", "email", "country", "relationship_to_partner", "associated_partner_id", "state",
        "first_name", "last_name", "phone_number", "language", "address_line1", "address_line2", "city", "region",
        "postal_code", "version",
    )  # fmt: skip

    def __init__(self, *args: Any, user: Actor, customer: Customer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.customer = customer
        if customer is None:
            del self.fields["state"]
            del self.fields["version"]

    def clean_domain(self) -> str:
        domain = domain_name(str(self.cleaned_data["domain"]))
        taken = Customer.objects.visible_to(self.user).filter(domain=domain)
        if self.customer is not None:
            taken = taken.exclude(pk=self.customer.pk)
        if (other := taken.first()) is not None:
            raise forms.ValidationError(_("%(name)s already uses this domain.") % {"name": other.company_name})
        return domain

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        indirect = values.get("relationship_to_partner") == Relationship.INDIRECT_RESELLER
        if indirect and not values.get("associated_partner_id") and "associated_partner_id" not in self.errors:
            self.add_error("associated_partner_id", _("Enter the partner ID of the indirect reseller."))
        return values


def domain_name(text: str) -> str:
    """The domain in its one spelling. Raises ValidationError."""
    domain = _one_spelling(text)
    if "/" in domain or "@" in domain or " " in domain:
        raise forms.ValidationError(_("Enter the domain alone, without https://, @ or a path."))
    if not _DOMAIN.fullmatch(_ascii(domain)):
        raise forms.ValidationError(_("Enter a domain with at least two parts, for example fourthcoffee.example."))
    return domain


def _one_spelling(domain: str) -> str:
    """As people read it, whether typed in full-width letters or as xn-- labels: the same domain is one customer."""
    return ".".join(_readable(label) for label in unicodedata.normalize("NFKC", domain).strip().lower().split("."))


def _readable(label: str) -> str:
    try:
        return label.encode().decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return ""
