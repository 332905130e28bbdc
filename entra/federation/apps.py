from django.apps import AppConfig


class FederationConfig(AppConfig):
    name = "entra.federation"
    label = "federation"
