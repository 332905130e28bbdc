"""The pages of "My security info"."""

from django.urls import path

from entra.signin.views.security_info import end_other_session, new_codes, overview, remove, signed_in
from entra.signin.views.security_info_add import add, set_up_method
from entra.signin.views.security_info_password import password

app_name = "security_info"
urlpatterns = [
    path("", overview, name="overview"),
    path("/signed-in", signed_in, name="signed_in"),
    path("/add", add, name="add"),
    path("/add/set-up", set_up_method, name="set_up"),
    path("/password", password, name="password"),
    path("/remove/<uuid:method_id>", remove, name="remove"),
    path("/recovery-codes", new_codes, name="new_codes"),
    path("/sessions/<uuid:session_id>/end", end_other_session, name="end_session"),
]
