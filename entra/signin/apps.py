from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "entra.signin"
    label = "signin"
