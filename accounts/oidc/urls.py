"""Signing in and out; named as mozilla-django-oidc names them where it does."""

from django.urls import path

from accounts.views import callback, security_events, signin, signout

urlpatterns = [
    path("oidc/authenticate", signin.authenticate, name="oidc_authentication_init"),
    path("oidc/step-up", signin.step_up, name="oidc_step_up"),
    path("oidc/callback", callback.callback, name="oidc_authentication_callback"),
    path("oidc/resume", callback.resume, name="oidc_resume"),
    path("oidc/sign-out", signout.sign_out, name="oidc_logout"),
    path("oidc/backchannel-logout", signout.backchannel_logout, name="oidc_backchannel_logout"),
    path("oidc/security-events", security_events.security_events, name="security_events"),
    path("signed-out", signin.signed_out, name="signed_out"),
]
