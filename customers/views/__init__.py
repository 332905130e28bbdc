from customers.views.contacts import contact_add, contact_edit, contact_remove
from customers.views.detail import detail, orders, subscriptions
from customers.views.edit import add, edit
from customers.views.lists import commerce, customer_list

__all__ = [
    "add",
    "commerce",
    "contact_add",
    "contact_edit",
    "contact_remove",
    "customer_list",
    "detail",
    "edit",
    "orders",
    "subscriptions",
]
