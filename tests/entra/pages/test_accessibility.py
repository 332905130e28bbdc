"""The provider's pages in Chromium: axe in light and dark, no sideways scrolling on a phone in any language."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client
from django.utils import timezone

from entra.apps.consents import record_consent
from entra.apps.models import Application, ConsentGrant
from entra.directory.methods.one_time_codes import current_code
from entra.directory.methods.seeding import load_methods
from entra.directory.models import AuthenticatorApp, SecurityKey, Tenant, User
from entra.oauth.devices import issue_device_code
from entra.oauth.models import Grant
from entra.policy.models import AuthenticationPolicy, SecurityDefaults
from entra.signin.outbox import mails
from entra.signin.request import SignInRequest
from tests.axe import LEAVE, PROVIDER_FOLDERS, Pages, faults_of, never_shown, page_templates, recording
from tests.entra.pages.conftest import PORTAL, Visitor, code_of

HOST = "http://localhost:8001"
WRONG = "000000"
NAME = "john@fabrikam.example"
KINDS = ("securityKey", "hardwareToken", "authenticatorApp")
CONTOSO = "c0000000-0000-4000-8000-000000000001"
AUTHORIZE = "/organizations/oauth2/v2.0/authorize"
LOGOUT = "/organizations/oauth2/v2.0/logout"


@pytest.fixture
def shown(visitor: Visitor, john, client: Client, clock, settings, tmp_path) -> Callable[[], Pages]:
    """Every page of the provider, in the language of the client: `shown()`."""
    settings.EMAIL_FILE_PATH = tmp_path

    def walked() -> Pages:
        with recording() as pages:
            be_offered_registration(visitor)
            register(visitor)
            app = AuthenticatorApp.objects.get()
            see_security_info(client, app, clock)
            verify(visitor, app, clock)
            consent_and_leave(visitor)
            see_applications(visitor, app.account)
            sign_in_a_device(client)
            see_wrong_addresses(client)
            see_demo(client)
            be_stuck(visitor, app)
        return pages

    return walked


def see(client: Client, *addresses: str) -> None:
    for address in addresses:
        client.get(address)


def sign_out(visitor: Visitor) -> Visitor:
    visitor.client.cookies.pop(settings.SESSION_COOKIE_NAME)
    return visitor


def be_offered_registration(visitor: Visitor) -> None:
    defaults = SecurityDefaults.objects.create(tenant=visitor.tenant, enabled_at=timezone.now())
    visitor.begin().type_name(NAME).type_password()
    assert "/put-off" in visitor.text
    defaults.delete()
    sign_out(visitor)


def register(visitor: Visitor) -> None:
    visitor.need_mfa().type_name("nobody@nowhere.example")
    visitor.type_name(NAME).type_password("wrong")
    visitor.type_password().open("register_method")
    for method in KINDS:
        visitor.send("register_method", method=method)
    visitor.send("register_set_up", code=WRONG)
    visitor.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))


def see_security_info(client: Client, app: AuthenticatorApp, clock) -> None:
    see(client, "/mysecurityinfo", "/mysecurityinfo/add", f"/mysecurityinfo/remove/{app.pk}")
    for method in KINDS:
        client.post("/mysecurityinfo/add", {"method": method})
        client.get("/mysecurityinfo/add/set-up")
    client.get("/mysecurityinfo/password")
    client.post("/mysecurityinfo/password", {"password": "short", "again": "other"})
    client.post("/mysecurityinfo/recovery-codes")
    see(client, "/mysecurityinfo/signed-in?error=access_denied&error_description=AADSTS65004:", LOGOUT)


def verify(visitor: Visitor, app: AuthenticatorApp, clock) -> None:
    SecurityKey.objects.create(account=app.account, name="Blue key", credential_id="AAAA", public_key=b"")
    sign_out(visitor).need_mfa().type_name(NAME).type_password()
    for method in ("securityKey", "recoveryCode", "authenticatorApp"):
        visitor.open("verify", f"?method={method}")
    visitor.send("verify", method="authenticatorApp", code=WRONG)
    visitor.send("verify", method="authenticatorApp", code=code_of(app, clock))
    assert visitor.answered


def consent_and_leave(visitor: Visitor) -> None:
    visitor.begin(prompt=("select_account",))
    Application.objects.filter(pk=PORTAL).update(preauthorized=False)
    visitor.begin(prompt=("consent",), scope=("openid", "profile", "email", "offline_access"))
    visitor.client.post(visitor.url("consent"))
    visitor.begin(response_mode="form_post", scope=("openid", "profile"))
    visitor.client.get(visitor.response["Location"])


def see_applications(visitor: Visitor, john: User) -> None:
    portal = Application.objects.get(pk=PORTAL)
    record_consent(application=portal, account=john, scopes=["openid", "User.Read.All", "Policy.Read.All"])
    record_consent(application=portal, account=john, scopes=["openid"], for_everybody=True, mfa=True)
    now = timezone.now()
    Grant.objects.create(application=portal, account=john, tenant=john.tenant, auth_time=now, created_at=now)
    see(visitor.client, "/myapplications", f"/myapplications/{john.pk}/{PORTAL}")
    ConsentGrant.objects.filter(account=john).delete()
    see(visitor.client, "/myapplications")


def sign_in_a_device(client: Client) -> None:
    asked = SignInRequest(client_id=PORTAL, redirect_uri="", requested_at=0, scope=("openid",))
    application = Application.objects.get(pk=PORTAL)
    issued = issue_device_code(application=application, tenant=None, asked=asked, ip="203.0.113.9")
    client.get("/devicelogin")
    client.post("/devicelogin", {"user_code": "wrong"})
    confirm = client.post("/devicelogin", {"user_code": issued.user_code})["Location"]
    client.get(confirm)
    client.get(client.post(confirm, {"answer": "continue"})["Location"])


def see_wrong_addresses(client: Client) -> None:
    see(client, "/signin/unknown", "/nothing", "/error?code=50076", "/error?code=1", f"{AUTHORIZE}?client_id={PORTAL}")
    client.post("/login.srf", {"SAMLResponse": "nonsense"})
    client.post("/common/federation/controlreturn", {"answer": "nonsense"})
    see(Client(headers={"accept-language": client.cookies[settings.LANGUAGE_COOKIE_NAME].value}), LOGOUT)


def see_demo(client: Client) -> None:
    contoso = Tenant.objects.create(pk=CONTOSO, display_name="Contoso")
    User.objects.create(tenant=contoso, user_principal_name="alejandra@contoso.example", display_name="Alejandra Rojas")
    load_methods({"tenants": [{"id": CONTOSO, "registered": True, "hardwareTokens": ["CT-1001"]}]})
    client.get("/demo/outbox")
    backend = EmailBackend(file_path=settings.EMAIL_FILE_PATH)
    backend.send_messages([EmailMessage("A method was added", f"https://localhost/{'a' * 90}", to=[NAME])])
    backend.close()
    see(client, "/demo/personas", "/demo/outbox", f"/demo/outbox/{mails()[0].id}")


def be_stuck(visitor: Visitor, app: AuthenticatorApp) -> None:
    """John's organization stops allowing what he has, and he has no recovery codes."""
    app.account.recovery_codes.all().delete()
    AuthenticationPolicy.objects.create(tenant=visitor.tenant, allowed_methods=["hardwareToken"])
    sign_out(visitor).need_mfa().type_name(NAME).type_password()


def test_every_page_is_looked_at_and_axe_finds_nothing(shown: Callable[[], Pages], client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    pages = shown()
    wanted = {name for name in page_templates() if name.split("/")[0] in PROVIDER_FOLDERS} | {LEAVE}
    assert never_shown(pages, wanted) == set()
    assert faults_of(pages, client, HOST) == {}


@pytest.mark.parametrize("language", ["ja", "ru"])
def test_no_page_is_wider_than_a_phone(shown: Callable[[], Pages], client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert faults_of(shown(), client, HOST, axe=False) == {}
