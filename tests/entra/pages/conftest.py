from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from entra.apps.services import register_application
from entra.directory.methods.authenticator import start_authenticator
from entra.directory.methods.one_time_codes import current_code
from entra.directory.models import AuthenticatorApp, Domain, Tenant, User
from entra.signin.flows import draft_interaction
from entra.signin.models import Interaction
from entra.signin.request import SignInRequest

NOW = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
PORTAL = "10000000-0000-4000-8000-000000000001"
CALLBACK = "http://127.0.0.1:8000/oidc/callback"
PASSWORD = "Partner!2026demo"


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def fabrikam(db: None) -> Tenant:
    tenant = Tenant.objects.create(display_name="Fabrikam")
    Domain.objects.create(name="fabrikam.example", tenant=tenant, is_default=True)
    return tenant


@pytest.fixture
def make_user(fabrikam: Tenant) -> Callable[..., User]:
    def make(name: str, **values: object) -> User:
        user = User(
            tenant=fabrikam,
            user_principal_name=f"{name}@fabrikam.example",
            display_name=name.title(),
            mail=f"{name}@fabrikam.example",
            **values,
        )
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def john(make_user: Callable[..., User]) -> User:
    return make_user("john")


@pytest.fixture
def app_of() -> Callable[[User], AuthenticatorApp]:
    def make(account: User) -> AuthenticatorApp:
        app = start_authenticator(account=account, name="Authenticator app")
        AuthenticatorApp.objects.filter(pk=app.pk).update(confirmed=True)
        app.refresh_from_db()
        return app

    return make


class Visitor:
    """A person at a browser, in one sign-in."""

    def __init__(self, client: Client, tenant: Tenant) -> None:
        self.client, self.tenant = client, tenant
        self.interaction = Interaction()
        self.response = None

    def begin(self, **asked: object) -> "Visitor":
        request = RequestFactory().get("/")
        cookie = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = cookie.value
        wish = SignInRequest(
            client_id=PORTAL,
            redirect_uri=CALLBACK,
            requested_at=0,
            scope=asked.pop("scope", ("openid", "profile")),
            **asked,
        )
        self.interaction = draft_interaction(request, asked=wish, tenant=self.tenant, correlation_id=uuid4())
        self.interaction.save()
        new_key = request._provider_session.new_key
        if new_key:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = new_key
        return self.open("step")

    def need_mfa(self) -> "Visitor":
        return self.begin(essential_amr=("mfa",))

    def url(self, name: str) -> str:
        return reverse(f"signin:{name}", args=[self.interaction.pk])

    def open(self, name: str, query: str = "") -> "Visitor":
        self.response = self.client.get(self.url(name) + query)
        return self._follow()

    def send(self, page: str, **fields: str) -> "Visitor":
        self.response = self.client.post(self.url(page), fields)
        return self._follow()

    def _follow(self) -> "Visitor":
        """Follow redirects within the sign-in pages; stop before the answer."""
        while self.response.status_code == HTTPStatus.SEE_OTHER and self._in_pages:
            self.response = self.client.get(self.response["Location"])
        return self

    def type_name(self, name: str) -> "Visitor":
        return self.send("identify", sign_in_name=name)

    def type_password(self, password: str = PASSWORD) -> "Visitor":
        return self.send("password", password=password)

    @property
    def _in_pages(self) -> bool:
        return "/signin/" in self.response["Location"] and not self.response["Location"].endswith("/resume")

    @property
    def answered(self) -> bool:
        """Whether the sign-in pages are done: a page goes on to the application, or the answer has its own address."""
        if self.response.status_code == HTTPStatus.OK:
            return (self.response.context or {}).get("url", "").startswith(CALLBACK)
        return self.response.status_code == HTTPStatus.SEE_OTHER and self.response["Location"] == reverse(
            "oauth:resume", args=[self.interaction.pk]
        )

    @property
    def text(self) -> str:
        return self.response.content.decode()


@pytest.fixture
def visitor(client: Client, fabrikam: Tenant, clock) -> Visitor:
    register_application(
        client_id=PORTAL,
        tenant=fabrikam,
        name="Partner Center",
        redirect_uris=[CALLBACK],
        preauthorized=True,
    )
    return Visitor(client, fabrikam)


def code_of(app: AuthenticatorApp, clock) -> str:
    """The next code that has not been used yet."""
    clock.shift(timedelta(seconds=60))
    return current_code(app)
