from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "entra.policy"
    label = "policy"
