"""The site map."""

from django.urls import URLPattern, URLResolver, include, path

from activity.health import healthz, readyz
from entra.federation.identity import CONTROL_RETURN_PATH, RETURN_PATH
from entra.signin.views.custom_control import receive_control_answer
from entra.signin.views.demo import home
from entra.signin.views.federate import federation_metadata, receive_assertion
from entra.signin.views.language import language
from fluent.views import theme

# In place of fluent.urls, whose language switch remembers nothing.
switches = [path("language", language, name="language"), path("theme", theme, name="theme")]
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include((switches, "fluent"))),
    path("signin/", include("entra.signin.urls")),
    path(RETURN_PATH.lstrip("/"), receive_assertion, name="receive-assertion"),
    path(CONTROL_RETURN_PATH.lstrip("/"), receive_control_answer, name="receive-control-answer"),
    path("saml/metadata", federation_metadata, name="federation-metadata"),
    path("", home, name="home"),
    path("demo/", include("entra.signin.demo_urls")),
    path("mysecurityinfo", include("entra.signin.security_info_urls")),
    path("events/", include("entra.events.urls")),
    path("admin", include("entra.admincenter.urls")),
    path("graph/", include("entra.graph.urls")),
    path("", include("entra.oauth.urls")),
]
handler404 = "entra.oauth.pages.not_found"
