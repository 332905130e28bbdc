from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "entra.events"
    default_auto_field = "django.db.models.BigAutoField"
