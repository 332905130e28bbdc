"""The admin center's pages, below `/admin`."""

from django.urls import path

from entra.admincenter.views.overview import overview
from entra.admincenter.views.signin import callback, sign_out, signed_out

app_name = "admincenter"
urlpatterns = [
    path("", overview, name="overview"),
    path("/", overview),
    path("/signed-in", callback, name="callback"),
    path("/sign-out", sign_out, name="sign_out"),
    path("/signed-out", signed_out, name="signed_out"),
]
