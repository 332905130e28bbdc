"""The site map."""

from django.urls import URLPattern, URLResolver, path

from activity.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
]
