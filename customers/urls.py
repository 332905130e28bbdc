from django.urls import path

from customers import views

app_name = "customers"
_ONE = "/customers/<uuid:tenant_id>"
urlpatterns = [
    path("", views.commerce, name="commerce"),
    path("/customers", views.customer_list, name="list"),
    path("/customers/add", views.add, name="add"),
    path(_ONE, views.detail, name="detail"),
    path(f"{_ONE}/edit", views.edit, name="edit"),
    path(f"{_ONE}/subscriptions", views.subscriptions, name="subscriptions"),
    path(f"{_ONE}/orders", views.orders, name="orders"),
    path(f"{_ONE}/contacts/add", views.contact_add, name="contact-add"),
    path(f"{_ONE}/contacts/<int:contact_id>/edit", views.contact_edit, name="contact-edit"),
    path(f"{_ONE}/contacts/<int:contact_id>/remove", views.contact_remove, name="contact-remove"),
]
