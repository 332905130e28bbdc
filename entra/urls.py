"""The site map."""

from django.urls import URLPattern, URLResolver, include, path

from activity.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("fluent.urls")),
    path("signin/", include("entra.signin.urls")),
    path("", include("entra.oauth.urls")),
]
handler404 = "entra.oauth.pages.not_found"
