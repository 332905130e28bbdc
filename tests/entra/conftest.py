"""The cast and the moves every provider test shares: a partner tenant, its people, a client, a signed-in browser."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from entra.keys import services as key_services
from entra.signin.method import Method
from entra.signin.middleware import ProviderSessionMiddleware
from entra.signin.session import record_event

REDIRECT_URI = "https://app.example/callback"
SIGNED_OUT_URI = "https://app.example/signed-out"
SECRET = "a-long-random-client-secret"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ESSENTIAL_MFA = json.dumps({"id_token": {"amr": {"essential": True, "values": ["mfa"]}}})


@pytest.fixture(scope="session")
def rsa_pairs() -> list[Any]:
    return [key_services.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch, rsa_pairs: list[Any]) -> None:
    """Making an RSA key takes longer than most tests; the first two of each test are made once a run."""
    key_services.active_key.forget()  # that of the test before is gone
    real = key_services.generate_private_key
    waiting = list(rsa_pairs)
    monkeypatch.setattr(
        key_services, "generate_private_key", lambda **options: waiting.pop() if waiting else real(**options)
    )


@pytest.fixture
def contoso(db: None) -> Tenant:
    tenant = Tenant.objects.create(id="c0000000-0000-4000-8000-000000000001", display_name="Contoso")
    tenant.domains.create(name="contoso.example", is_default=True)
    return tenant


@pytest.fixture
def fabrikam(db: None) -> Tenant:
    tenant = Tenant.objects.create(id="c0000000-0000-4000-8000-000000000003", display_name="Fabrikam")
    tenant.domains.create(name="fabrikam.example", is_default=True)
    return tenant


def make_user(tenant: Tenant, name: str, **facts: Any) -> User:
    domain = tenant.domains.get(is_default=True).name
    facts = {"given_name": name.title(), "surname": "Example", "mail": f"{name}@{domain}"} | facts
    return User.objects.create(
        tenant=tenant, user_principal_name=f"{name}@{domain}", display_name=f"{name.title()} Example", **facts
    )


@pytest.fixture
def john(fabrikam: Tenant) -> User:
    return make_user(fabrikam, "john")


@pytest.fixture
def alejandra(contoso: Tenant) -> User:
    return make_user(contoso, "alejandra")


@pytest.fixture
def application(fabrikam: Tenant) -> Application:
    return register_application(
        client_id=uuid.UUID("10000000-0000-4000-8000-00000000000a"),
        tenant=fabrikam,
        name="Partner Center",
        redirect_uris=[REDIRECT_URI],
        post_logout_redirect_uris=[SIGNED_OUT_URI],
        secret=SECRET,
        multi_tenant=True,
        preauthorized=True,
    )


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """`sign_in(client, account, Method.PASSWORD, …)`: the proofs are recorded as the pages record them."""

    def act(browser: Client, account: User, *methods: Method, **facts: Any) -> None:
        for method in methods or (Method.PASSWORD,):
            request = RequestFactory().get("/", HTTP_USER_AGENT="")
            request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}

            def proven(request: Any, method: Method = method) -> HttpResponse:
                record_event(request, account=account, method=method, **facts)
                return HttpResponse()

            response = ProviderSessionMiddleware(proven)(request)
            browser.cookies[settings.SESSION_COOKIE_NAME] = response.cookies[settings.SESSION_COOKIE_NAME].value

    return act


@dataclass
class RelyingParty:
    """An application at work: authorize requests, code exchange, token checks."""

    browser: Client
    application: Application
    segment: str
    version: str = "2.0"
    secret: str = SECRET
    response_mode: str | None = None
    prefix: str = field(init=False)

    def __post_init__(self) -> None:
        self.prefix = "oauth2/v2.0" if self.version == "2.0" else "oauth2"

    def parameters(self, **changes: str | None) -> dict[str, str]:
        usual = {
            "client_id": str(self.application.pk),
            "response_type": "code",
            "redirect_uri": REDIRECT_URI,
            "scope": "openid profile email offline_access",
            "state": "af0ifjsldkj",
            "nonce": "n-0S6_WzA2Mj",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "response_mode": self.response_mode,
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def authorize(self, **changes: str | None) -> Any:
        return self.browser.get(f"/{self.segment}/{self.prefix}/authorize", self.parameters(**changes))

    def answer(self, **changes: str | None) -> dict[str, str]:
        """The fields at the redirect address, for a request that is answered at once."""
        return fields_of(self.authorize(**changes))

    def code(self, **changes: str | None) -> str:
        return self.answer(**changes)["code"]

    def token(self, **fields: str | None) -> Any:
        usual = {
            "grant_type": "authorization_code",
            "client_id": str(self.application.pk),
            "client_secret": self.secret,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
        }
        posted = {name: value for name, value in (usual | fields).items() if value is not None}
        return self.browser.post(f"/{self.segment}/{self.prefix}/token", posted)

    def refresh(self, token: str, **fields: str | None) -> Any:
        return self.token(
            **{"grant_type": "refresh_token", "refresh_token": token, "redirect_uri": None, "code_verifier": None}
            | fields
        )

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        response = self.token(code=self.code(**changes))
        assert response.status_code == 200, response.content
        return response.json()  # type: ignore[no-any-return]

    def id_claims(self, id_token: str) -> dict[str, Any]:
        keys = self.browser.get(f"/{self.segment}/discovery/v2.0/keys").json()
        found = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(id_token)["kid"]]
        return jwt.decode(id_token, found.key, algorithms=["RS256"], audience=str(self.application.pk))


def fields_of(response: Any) -> dict[str, str]:
    """What is sent to the redirect address: by redirect, by a page that goes on there, or by one that posts there."""
    if response.status_code == 200 and "fields" in response.context:
        assert response.context["address"] == REDIRECT_URI
        return dict(response.context["fields"])
    assert response.status_code in {200, 303}, response.content
    location = response["Location"] if response.status_code == 303 else response.context["url"]
    assert location.startswith(REDIRECT_URI), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query, keep_blank_values=True).items()}


@pytest.fixture
def rp(client: Client, application: Application, fabrikam: Tenant) -> RelyingParty:
    return RelyingParty(client, application, str(fabrikam.pk))
