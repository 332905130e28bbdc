from customers.forms.address import AddressForm
from customers.forms.agreement import AgreementForm
from customers.forms.contact import ContactForm
from customers.forms.customer import CustomerForm, domain_name

__all__ = ["AddressForm", "AgreementForm", "ContactForm", "CustomerForm", "domain_name"]
