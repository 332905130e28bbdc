from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "support"

    def ready(self) -> None:
        from customers import leaving, sections
        from support.counts import requests_leave
        from support.customer_section import SECTION

        sections.register(SECTION)
        leaving.register(requests_leave)
