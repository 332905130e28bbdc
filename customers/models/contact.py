"""People at a customer."""

from typing import Self

from django.db import models

from accounts.actors import Actor
from customers.models.customer import Customer
from customers.names import full_name


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(customer__partner_id=user.tenant_id)


class Contact(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    job_title = models.CharField(max_length=80, blank=True)
    email = models.EmailField()
    phone_number = models.CharField(max_length=30, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "email"], name="one_contact_address_a_customer"),
        ]

    def __str__(self) -> str:
        return full_name(self.first_name, self.last_name)
