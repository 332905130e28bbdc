"""What the portal tells developers about the REST API (M17)."""

from django.urls import path

from api.views import calls, decoder, reference

app_name = "api"
urlpatterns = [
    path("", reference.reference, name="reference"),
    path("/openapi.json", reference.openapi, name="openapi"),
    path("/operations/<str:key>", reference.operation, name="operation"),
    path("/token-decoder", decoder.token_decoder, name="token-decoder"),
    path("/calls", calls.calls, name="calls"),
    path("/calls/<uuid:pk>", calls.call, name="call"),
]
