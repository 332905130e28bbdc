"""What is asked of each provider: a token for an application, the next token, and a whole sign-in."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from urllib.parse import urlencode, urlsplit

from benchmarks.load import Answer, Scenario, get, post
from benchmarks.peers.cast import (
    CHALLENGE,
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    PEOPLE,
    REDIRECT_URI,
    TENANT_ID,
    VERIFIER,
    person,
)

_CODE = re.compile(rb"[?&;]code=([\w.-]+)")
_CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Provider:
    """How one provider is spoken to: its addresses, its names for scopes, and the field that a person types into."""

    authorize: str
    token: str
    scope: str
    itself: dict[str, str] = field(default_factory=dict)
    """What a client_credentials request adds."""
    name_field: str = ""
    """The field of the sign-in page for the name; empty where the name is known from the request."""


OURS = Provider(
    authorize=f"/{TENANT_ID}/oauth2/v2.0/authorize",
    token=f"/{TENANT_ID}/oauth2/v2.0/token",
    scope="openid offline_access User.Read",
    itself={"scope": "https://graph.microsoft.com/.default"},
)
TOOLKIT = Provider(
    authorize="/o/authorize/",
    token="/o/token/",  # noqa: S106
    scope="openid read",
    itself={"scope": "read", "client_id": f"{CLIENT_ID}-itself"},
    name_field="username",
)
OIDC_PROVIDER = Provider(
    authorize="/auth",
    token="/token",  # noqa: S106
    scope="openid read",
    itself={"scope": "read"},
    name_field="login",
)


def client_credentials(provider: Provider, _user: int) -> Scenario:
    fields = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    request = post(provider.token, fields | provider.itself)
    while True:
        answer = yield request
        tokens(answer)
        yield None


def refresh(provider: Provider, user: int) -> Scenario:
    """Each user signs in once, and from then on replaces the refresh token with the next one."""
    given = yield from _signed_in(provider, user)
    while True:
        fields = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        answer = yield post(provider.token, {**fields, "refresh_token": given["refresh_token"]})
        before, given = given, tokens(answer)
        if before["refresh_token"] == given["refresh_token"]:
            raise UnexpectedAnswer(answer)
        yield None


def sign_in(provider: Provider, user: int) -> Scenario:
    for number in count(user, 16):
        yield from _signed_in(provider, number)
        yield None


SCENARIOS: dict[str, Callable[[Provider, int], Scenario]] = {
    "client_credentials": client_credentials,
    "refresh": refresh,
    "sign_in": sign_in,
}


class UnexpectedAnswer(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.head.decode(errors='replace')}\n\n{answer.body[:2000].decode(errors='replace')}")


def tokens(answer: Answer) -> dict[str, str]:
    """The token endpoint's answer, which has an access token of three parts, or UnexpectedAnswer."""
    found: dict[str, str] = json.loads(answer.body) if answer.status == HTTPStatus.OK else {}
    if found.get("access_token", "").count(".") != 2:
        raise UnexpectedAnswer(answer)
    return found


def _signed_in(provider: Provider, user: int) -> Scenario:
    """A new browser: authorize, sign-in page, password, back at authorize unless the code is there already, token."""
    browser = _Browser(user)
    answer = yield get(f"{provider.authorize}?{_query(provider, user)}", browser.headers)
    page = browser.next(answer)
    answer = yield get(page, browser.headers)
    browser.next(answer, HTTPStatus.OK)
    typed = {"password": PASSWORD} | ({provider.name_field: person(user)} if provider.name_field else {})
    if guard := _CSRF.search(answer.body):
        typed["csrfmiddlewaretoken"] = guard[1].decode()
    answer = yield post(page, typed, browser.headers)
    if answer.status != HTTPStatus.OK:
        answer = yield get(browser.next(answer), browser.headers)
    code = _CODE.search(answer.head) or _CODE.search(answer.body)
    if code is None:
        raise UnexpectedAnswer(answer)
    fields = {"grant_type": "authorization_code", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    exchanged = {"code": code[1].decode(), "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER}
    answer = yield post(provider.token, fields | exchanged)
    return tokens(answer)


def _query(provider: Provider, user: int) -> str:
    fields = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "scope": provider.scope,
        "state": "state-of-the-application",
        "nonce": "nonce-of-the-application",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "login_hint": person(user),
    }
    return urlencode(fields)


class _Browser:
    def __init__(self, user: int) -> None:
        self._jar: dict[str, str] = {}
        self._address = f"X-Forwarded-For: 10.0.0.{user % PEOPLE}\r\n"  # not everybody is at the same place
        self.headers = self._address

    def next(self, answer: Answer, *expected: int) -> str:
        """Keep the cookies; returns where the answer leads, without the origin."""
        if answer.status not in (expected or (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)):
            raise UnexpectedAnswer(answer)
        for cookie in answer.headers(b"set-cookie"):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self._jar[name] = value
        pairs = "; ".join(f"{name}={value}" for name, value in self._jar.items())
        self.headers = self._address + (f"Cookie: {pairs}\r\n" if pairs else "")
        parts = urlsplit(next(iter(answer.headers(b"location")), ""))
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
