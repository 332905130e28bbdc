from customers.forms.address import AddressForm
from customers.forms.contact import ContactForm
from customers.forms.customer import CustomerForm

__all__ = ["AddressForm", "ContactForm", "CustomerForm"]
