from django.apps import AppConfig


class OauthConfig(AppConfig):
    name = "entra.oauth"
    label = "oauth"
