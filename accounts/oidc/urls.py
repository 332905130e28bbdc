"""Signing in and out; named as mozilla-django-oidc names them where it does."""

from django.urls import path

from accounts.views import callback, signin, signout

urlpatterns = [
    path("oidc/authenticate", signin.authenticate, name="oidc_authentication_init"),
    path("oidc/step-up", signin.step_up, name="oidc_step_up"),
    path("oidc/callback", callback.callback, name="oidc_authentication_callback"),
    path("oidc/resume", callback.resume, name="oidc_resume"),
    path("oidc/sign-out", signout.sign_out, name="oidc_logout"),
    path("oidc/backchannel-logout", signout.backchannel_logout, name="oidc_backchannel_logout"),
    path("signed-out", signin.signed_out, name="signed_out"),
]
