"""The REST API: every row of the registry, and a 404 that programs can read for anything else."""

from django.urls import path

from api.dispatch import elsewhere, routes
from api.operations import OPERATIONS

other = elsewhere(OPERATIONS)
urlpatterns = [
    *routes(OPERATIONS),
    path("v1", other),
    path("v1/<path:rest>", other),
    path("webhooks/v1", other),
    path("webhooks/v1/<path:rest>", other),
]
