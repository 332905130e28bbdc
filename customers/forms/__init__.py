from customers.forms.contact import ContactForm
from customers.forms.customer import CustomerForm

__all__ = ["ContactForm", "CustomerForm"]
