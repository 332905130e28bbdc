from django.apps import AppConfig


class AppsConfig(AppConfig):
    name = "entra.apps"
    label = "apps"
