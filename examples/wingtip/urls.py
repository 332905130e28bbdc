from django.urls import include, path

from examples.wingtip.views import sign_in, site
from examples.wingtip.views.control import control

urlpatterns = [
    path("", site.home, name="home"),
    path("", include("fluent.urls")),
    path("demo", site.demo, name="demo"),
    path("settings", site.change_switches, name="settings"),
    path("sign-out", site.sign_out, name="sign-out"),
    path("saml/metadata", site.metadata, name="metadata"),
    path("saml/sso", sign_in.sso, name="sso"),
    path("sign-in/<str:asked_id>", sign_in.go_on, name="go-on"),
    path("sign-in/<str:asked_id>/password", sign_in.password, name="password"),
    path("sign-in/<str:asked_id>/code", sign_in.code, name="code"),
    path("sign-in/<str:asked_id>/cancel", sign_in.cancel, name="cancel"),
    path("control", control, name="control"),
]
