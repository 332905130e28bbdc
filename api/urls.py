"""The REST API: every row of the registry, and a 404 that programs can read for anything else."""

from django.urls import path

from api.dispatch import nothing_here, routes
from api.operations import OPERATIONS

urlpatterns = [
    *routes(OPERATIONS),
    path("v1", nothing_here),
    path("v1/<path:rest>", nothing_here),
    path("webhooks/v1", nothing_here),
    path("webhooks/v1/<path:rest>", nothing_here),
]
