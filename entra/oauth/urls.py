"""The protocol endpoints. `segment` is a tenant's id or domain, `common` or `organizations`."""

from django.urls import path

from entra.oauth import token_urls
from entra.oauth.authorize import authorize
from entra.oauth.device_code import device_code
from entra.oauth.device_login import device_confirm, device_login
from entra.oauth.discovery import configuration, key_set
from entra.oauth.instance import instance_discovery, user_realm
from entra.oauth.introspection import introspect
from entra.oauth.logout import confirm, logout, signed_out
from entra.oauth.my_applications import my_application, my_applications
from entra.oauth.pages import explain
from entra.oauth.resume import resume
from entra.oauth.userinfo import userinfo

app_name = "oauth"
_V2, _V1 = {"version": "2.0"}, {"version": "1.0"}
urlpatterns = [
    *token_urls.urlpatterns,
    path("signin/<str:interaction_id>/resume", resume, name="resume"),
    path("signout", confirm, name="confirm-logout"),
    path("signed-out", signed_out, name="signed-out"),
    path("error", explain, name="error"),
    path("devicelogin", device_login, name="device-login"),
    path("devicelogin/<str:interaction_id>", device_confirm, name="device-confirm"),
    path("myapplications", my_applications, name="my-applications"),
    path("myapplications/<uuid:account_id>/<uuid:client_id>", my_application, name="my-application"),
    path("common/discovery/instance", instance_discovery, name="instance-discovery"),
    path("common/userrealm/<str:name>", user_realm, name="user-realm"),
    path("common/UserRealm/<str:name>", user_realm),
    path("oidc/userinfo", userinfo, name="userinfo"),
    path("<str:segment>/v2.0/.well-known/openid-configuration", configuration, _V2, name="discovery"),
    path("<str:segment>/oauth2/v2.0/authorize", authorize, _V2, name="authorize"),
    path("<str:segment>/oauth2/v2.0/devicecode", device_code, _V2, name="device-code"),
    path("<str:segment>/oauth2/v2.0/logout", logout, _V2, name="logout"),
    path("<str:segment>/oauth2/v2.0/introspect", introspect, name="introspect"),
    path("<str:segment>/discovery/v2.0/keys", key_set, name="keys"),
    path("<str:segment>/.well-known/openid-configuration", configuration, _V1, name="discovery-v1"),
    path("<str:segment>/oauth2/authorize", authorize, _V1, name="authorize-v1"),
    path("<str:segment>/oauth2/devicecode", device_code, _V1, name="device-code-v1"),
    path("<str:segment>/oauth2/logout", logout, _V1, name="logout-v1"),
    path("<str:segment>/discovery/keys", key_set, name="keys-v1"),
]
