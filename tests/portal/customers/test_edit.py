from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.test import Client

from accounts.models import PartnerTenant, User
from activity.models import AuditRecord
from customers.models import Contact, Customer, CustomerCount
from customers.services import contacts
from customers.services.customers import add_customer, edit_customer
from tests.portal.business import make_contact, make_customer

FORM = {
    "company_name": "Woodgrove Bank",
    "domain": "woodgrovebank.example",
    "email": "office@woodgrovebank.example",
    "country": "GB",
    "relationship_to_partner": "reseller",
    "associated_partner_id": "",
    "first_name": "Grace",
    "last_name": "Sousa",
    "phone_number": "+44 131 555 0100",
    "language": "en",
    "address_line1": "1 Royal Mile",
    "address_line2": "",
    "city": "Edinburgh",
    "region": "",
    "postal_code": "EH1 1YZ",
}
ADD = "/commerce/customers/add"


@pytest.fixture(autouse=True)
def signed_in(client: Client, alejandra: User, sign_in: Callable[..., object]) -> None:
    sign_in(client, alejandra)


def errors(client: Client, url: str = ADD, **changes: str) -> dict[str, list[str]]:
    response = client.post(url, FORM | changes)
    assert response.status_code == 422
    return dict(response.context["form"].errors)


def test_adding_a_customer_stores_it_counts_it_and_records_who_did_it(client: Client, contoso: PartnerTenant) -> None:
    response = client.post(ADD, FORM)
    customer = Customer.objects.get(partner=contoso)
    assert response["Location"] == f"/commerce/customers/{customer.tenant_id}"
    assert customer.company_name == "Woodgrove Bank"
    assert customer.billing_profile.culture == "en-GB"
    assert CustomerCount.objects.get(partner=contoso).total == 1
    record = AuditRecord.objects.get(action="customer.added")
    assert (record.actor, record.tenant_id) == ("alejandra@contoso.example", contoso.id)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("domain", "https://woodgrovebank.example/", "Enter the domain alone, without https://, @ or a path."),
        ("domain", "woodgrove", "Enter a domain with at least two parts, for example fourthcoffee.example."),
        ("domain", "-bad-.example", "Enter a domain with at least two parts, for example fourthcoffee.example."),
        ("postal_code", "12345", "Postal codes in United Kingdom look like SW1A 1AA."),
        ("email", "nobody", "Enter a valid email address."),
        ("company_name", "", "This field is required."),
    ],
)
def test_each_mistake_has_its_own_message(client: Client, field: str, typed: str, message: str) -> None:
    assert errors(client, **{field: typed}) == {field: [message]}


def test_the_message_about_the_telephone_shows_an_example(client: Client) -> None:
    assert "+1 425 555 0100" in errors(client, phone_number="call me")["phone_number"][0]


def test_a_customer_of_an_indirect_reseller_needs_the_resellers_id(client: Client) -> None:
    found = errors(client, relationship_to_partner="indirect_reseller")
    assert found == {"associated_partner_id": ["Enter the partner ID of the indirect reseller."]}


def test_a_domain_is_taken_only_within_the_same_partner(client: Client, contoso: PartnerTenant, olga: User) -> None:
    make_customer(olga.tenant, "Elsewhere", "woodgrovebank.example")
    assert client.post(ADD, FORM).status_code == 302
    assert errors(client)["domain"] == ["Woodgrove Bank already uses this domain."]


def test_a_domain_may_be_written_in_any_script(client: Client, contoso: PartnerTenant) -> None:
    assert client.post(ADD, FORM | {"domain": "青葉.example"}).status_code == 302


def test_a_customer_that_was_added_is_not_called_a_contact_in_russian(client: Client) -> None:
    text = client.post(ADD, FORM, headers={"Accept-Language": "ru"}, follow=True).content.decode()
    assert "Добавлено: Woodgrove Bank." in text


@pytest.mark.parametrize("typed", ["xn--bcher-kva.example", "BÜCHER.example", "ｂüｃｈｅｒ.example"])
def test_one_domain_in_two_spellings_is_one_domain(client: Client, contoso: PartnerTenant, typed: str) -> None:
    make_customer(contoso, "Bücher AG", "bücher.example")
    response = client.post(ADD, FORM | {"domain": typed})
    assert response.status_code == 422
    assert "Bücher AG already uses this domain." in response.content.decode()


def test_a_domain_whose_code_cannot_be_read_back_stays_as_it_was_typed(client: Client, contoso: PartnerTenant) -> None:
    assert client.post(ADD, FORM | {"domain": "xn--strae-oqa.example"}).status_code == 302
    assert Customer.objects.filter(domain="xn--strae-oqa.example").exists()


def test_a_form_with_a_mistake_keeps_what_was_typed(client: Client) -> None:
    text = client.post(ADD, FORM | {"postal_code": "wrong"}).content.decode()
    assert 'value="Woodgrove Bank"' in text
    assert 'value="1 Royal Mile"' in text


def edit_url(customer: Customer) -> str:
    return f"/commerce/customers/{customer.tenant_id}/edit"


def test_editing_raises_the_version_and_records_what_changed(client: Client, contoso: PartnerTenant) -> None:
    customer = make_customer(contoso)
    response = client.post(edit_url(customer), FORM | {"state": "active", "version": "1"})
    assert response.status_code == 302
    customer.refresh_from_db()
    assert (customer.company_name, customer.version) == ("Woodgrove Bank", 2)
    assert AuditRecord.objects.get(action="customer.edited").detail["changed"]["company_name"] == [
        "Fourth Coffee",
        "Woodgrove Bank",
    ]
    assert client.get("/commerce/customers?q=woodgrove").context["page"].shown == 1


def test_somebody_elses_edit_is_shown_and_not_overwritten(client: Client, contoso: PartnerTenant) -> None:
    customer = make_customer(contoso)
    Customer.objects.filter(pk=customer.pk).update(company_name="Fifth Coffee", version=2)
    response = client.post(edit_url(customer), FORM | {"state": "active", "version": "1"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else changed this customer while you were editing" in text
    assert "Company name: Fifth Coffee" in text
    assert 'value="Woodgrove Bank"' in text
    customer.refresh_from_db()
    assert customer.company_name == "Fifth Coffee"
    again = client.post(edit_url(customer), FORM | {"state": "active", "version": "2"})
    assert again.status_code == 302


@pytest.mark.parametrize("version", ["", "0", "99", "x"])
def test_an_edit_without_the_right_version_writes_nothing(client: Client, contoso: PartnerTenant, version: str) -> None:
    customer = make_customer(contoso)
    response = client.post(edit_url(customer), FORM | {"state": "active", "version": version})
    assert response.status_code in {409, 422}
    customer.refresh_from_db()
    assert customer.company_name == "Fourth Coffee"


CONTACT = {"first_name": "Dan", "last_name": "Park", "email": "dan@fourthcoffee.example", "version": "1"}


def test_contacts_are_added_edited_and_removed(client: Client, contoso: PartnerTenant) -> None:
    customer = make_customer(contoso)
    base = f"/commerce/customers/{customer.tenant_id}/contacts"
    assert client.post(f"{base}/add", CONTACT).status_code == 302
    contact = Contact.objects.get()
    assert client.post(f"{base}/{contact.pk}/edit", CONTACT | {"last_name": "Parker"}).status_code == 302
    contact.refresh_from_db()
    assert (contact.last_name, contact.version) == ("Parker", 2)
    assert "This cannot be undone" in client.get(f"{base}/{contact.pk}/remove").content.decode()
    assert Contact.objects.exists()
    assert client.post(f"{base}/{contact.pk}/remove").status_code == 302
    assert not Contact.objects.exists()
    actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert {"customer.contact-added", "customer.contact-edited", "customer.contact-removed"} <= actions


def test_a_contact_changed_meanwhile_is_not_overwritten(client: Client, contoso: PartnerTenant) -> None:
    contact = make_contact(make_customer(contoso))
    Contact.objects.filter(pk=contact.pk).update(last_name="Newer", version=2)
    url = f"/commerce/customers/{contact.customer.tenant_id}/contacts/{contact.pk}/edit"
    response = client.post(url, CONTACT)
    assert response.status_code == 409
    assert "Newer" in response.content.decode()
    contact.refresh_from_db()
    assert contact.last_name == "Newer"


def test_saving_a_contact_unchanged_changes_and_records_nothing(client: Client, contoso: PartnerTenant) -> None:
    contact = make_contact(make_customer(contoso), "Dan", "Park", email=CONTACT["email"])
    url = f"/commerce/customers/{contact.customer.tenant_id}/contacts/{contact.pk}/edit"
    assert client.post(url, CONTACT).status_code == 302
    contact.refresh_from_db()
    assert contact.version == 1
    assert not AuditRecord.objects.filter(action="customer.contact-edited").exists()


def test_one_address_belongs_to_one_contact_of_a_customer(client: Client, contoso: PartnerTenant) -> None:
    contact = make_contact(make_customer(contoso))
    url = f"/commerce/customers/{contact.customer.tenant_id}/contacts/add"
    response = client.post(url, CONTACT | {"email": contact.email.upper()})
    assert response.context["form"].errors["email"] == ["Carla Meyers already has this email address."]


def test_japanese_names_are_written_last_name_first(contoso: PartnerTenant) -> None:
    customer = make_customer(contoso)
    assert str(make_contact(customer, "陽子", "佐藤", email="a@b.example")) == "佐藤 陽子"
    assert str(make_contact(customer, "Анна", "Соколова", email="c@b.example")) == "Анна Соколова"


def test_a_domain_taken_between_the_check_and_the_saving_is_told_and_what_was_typed_stays(
    client: Client, contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(**given: Any) -> Customer:
        make_customer(contoso, "Overtaker", FORM["domain"])
        return add_customer(**given)

    monkeypatch.setattr(import_module("customers.views.edit"), "add_customer", overtaken)
    response = client.post(ADD, FORM)
    assert response.status_code == 422
    assert response.context["form"].errors["domain"] == ["Overtaker already uses this domain."]
    assert 'value="Woodgrove Bank"' in response.content.decode()
    assert not AuditRecord.objects.filter(action="customer.added").exists()
    assert CustomerCount.objects.get(partner=contoso).total == 1


def test_a_domain_taken_while_a_customer_is_being_edited_is_told(
    client: Client, contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(contoso)

    def overtaken(**given: Any) -> None:
        make_customer(contoso, "Overtaker", FORM["domain"])
        edit_customer(**given)

    monkeypatch.setattr(import_module("customers.views.edit"), "edit_customer", overtaken)
    url = f"/commerce/customers/{customer.tenant_id}/edit"
    assert errors(client, url, state="active", version="1")["domain"] == ["Overtaker already uses this domain."]


@pytest.mark.parametrize("verb", ["add_contact", "edit_contact"])
def test_an_address_taken_while_a_contact_is_being_saved_is_told(
    client: Client, contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    contact = make_contact(make_customer(contoso))

    def overtaken(**given: Any) -> Any:
        make_contact(contact.customer, "Over", "Taker", email=CONTACT["email"])
        return getattr(contacts, verb)(**given)

    monkeypatch.setattr(f"customers.views.contacts.{verb}", overtaken)
    base = f"/commerce/customers/{contact.customer.tenant_id}/contacts"
    url = f"{base}/add" if verb == "add_contact" else f"{base}/{contact.pk}/edit"
    response = client.post(url, CONTACT | {"version": "1"})
    assert response.status_code == 422
    assert response.context["form"].errors["email"] == ["Over Taker already has this email address."]


def test_a_contact_removed_twice_at_once_is_recorded_once(contoso: PartnerTenant, alejandra: User) -> None:
    first = make_contact(make_customer(contoso))
    second = Contact.objects.get(pk=first.pk)
    contacts.remove_contact(user=alejandra, contact=first)
    contacts.remove_contact(user=alejandra, contact=second)
    assert AuditRecord.objects.filter(action="customer.contact-removed").count() == 1
