"""What the portal tells developers about the REST API (M17)."""

from django.conf import settings
from django.urls import path

from api.views import calls, decoder, forge, injection, reference

app_name = "api"
_demo = [
    path("/token-forge", forge.token_forge, name="token-forge"),
    path("/faults", injection.faults, name="faults"),
    path("/faults/<uuid:pk>/end", injection.end, name="end-fault"),
]
urlpatterns = [
    path("", reference.reference, name="reference"),
    path("/openapi.json", reference.openapi, name="openapi"),
    path("/operations/<str:key>", reference.operation, name="operation"),
    path("/token-decoder", decoder.token_decoder, name="token-decoder"),
    path("/calls", calls.calls, name="calls"),
    path("/calls/<uuid:pk>", calls.call, name="call"),
    *(_demo if settings.DEMO else []),
]
