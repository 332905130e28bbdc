from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from billing.customer_section import SECTION
        from customers.sections import register

        register(SECTION)
