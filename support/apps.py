from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "support"

    def ready(self) -> None:
        from customers.sections import register
        from support.customer_section import SECTION

        register(SECTION)
