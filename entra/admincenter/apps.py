from django.apps import AppConfig


class AdmincenterConfig(AppConfig):
    name = "entra.admincenter"
    label = "admincenter"
