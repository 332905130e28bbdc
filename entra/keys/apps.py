from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "entra.keys"
    label = "keys"
