"""The token endpoint, which `entra.oauth.short_way` serves. `segment` is a tenant's id or domain, or a common name."""

from django.urls import path

from entra.oauth.token import token

urlpatterns = [
    path("<str:segment>/oauth2/v2.0/token", token, {"version": "2.0"}, name="token"),
    path("<str:segment>/oauth2/token", token, {"version": "1.0"}, name="token-v1"),
]
