"""The admin center's pages, below `/admin`."""

from django.urls import path

from entra.admincenter.views.overview import overview
from entra.admincenter.views.sign_ins import sign_in, sign_ins
from entra.admincenter.views.signin import callback, sign_out, signed_out
from entra.admincenter.views.what_if import what_if_page

app_name = "admincenter"
urlpatterns = [
    path("", overview, name="overview"),
    path("/", overview),
    path("/signed-in", callback, name="callback"),
    path("/sign-out", sign_out, name="sign_out"),
    path("/signed-out", signed_out, name="signed_out"),
    path("/what-if", what_if_page, name="what_if"),
    path("/sign-ins", sign_ins, name="sign_ins"),
    path("/sign-ins/<uuid:sign_in_id>", sign_in, name="sign_in"),
]
