"""A small OpenID provider over real HTTP in the test process, with a knob for everything it can get wrong."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

TENANT = "c0000000-0000-4000-8000-000000000003"
OID = "00000000-0000-4000-8000-000000000001"
CLIENT_ID = "10000000-0000-4000-8000-000000000001"
_KEYS = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3)]


def jwk(number: int, kid: str | None) -> dict[str, Any]:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEYS[number].public_key()))
    return {**public, "use": "sig"} | ({"kid": kid} if kid else {})


class Provider:
    """The knobs. Each test gets its own provider on its own port."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.jwks: list[dict[str, Any]] = [jwk(0, "key-0")]
        self.kid: str | None = "key-0"
        self.key = 0
        self.algorithm = "RS256"
        self.typ = "JWT"
        self.changed: dict[str, Any] = {}
        self.dropped: set[str] = set()
        self.tamper = False
        self.discovery: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.userinfo_authorization = ""
        self.down: set[str] = set()
        self.slow: dict[str, float] = {}
        self.calls: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.refused_refresh = ""
        self.refused_application: dict[str, Any] = {}
        self.application_lifetime: Any = 3900
        self.token_requests: list[dict[str, str]] = []
        self.named: dict[str, str] = {}
        self.device: dict[str, Any] = {}
        self.polls: list[tuple[int, dict[str, Any]]] = []
        self.introspection: dict[str, Any] = {"active": False}
        self.introspected: list[dict[str, str]] = []

    @property
    def issuer(self) -> str:
        return f"{self.base}/{TENANT}/v2.0"

    def metadata(self, segment: str = "organizations") -> dict[str, Any]:
        """The description for any tenant, or for the one that the address names by id or domain."""
        segment = self.named.get(segment, segment)
        at = "" if segment == "organizations" else f"/{segment}"
        return {
            "issuer": f"{self.base}{at or '/{tenantid}'}/v2.0",
            "authorization_endpoint": f"{self.base}{at}/authorize",
            "token_endpoint": f"{self.base}{at}/token",
            "userinfo_endpoint": f"{self.base}/userinfo",
            "jwks_uri": f"{self.base}/keys",
            "end_session_endpoint": f"{self.base}/logout",
            "introspection_endpoint": f"{self.base}/introspect",
            "device_authorization_endpoint": f"{self.base}{at}/devicecode",
            **self.discovery,
        }

    def code_for(self, authorize_url: str) -> tuple[str, str]:
        """Consent as the person would; return the code and the state to bring back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return code, asked["state"]

    def claims(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "subject-of-john",
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "tid": TENANT,
            "oid": OID,
            "name": "John Evans",
            "preferred_username": "john@fabrikam.example",
            "sid": "provider-session-1",
            "auth_time": now,
            "amr": ["pwd"],
            "groups": ["a0000000-0000-4000-8000-000000000031"],
            **self.changed,
        }
        return {name: value for name, value in claims.items() if name not in self.dropped}

    def sign(self, claims: dict[str, Any]) -> str:
        headers = {"typ": self.typ} | ({"kid": self.kid} if self.kid else {})
        key: Any = {"none": None, "HS256": "the-client-secret-everybody-shares"}.get(self.algorithm, _KEYS[self.key])
        token = jwt.encode(claims, key, self.algorithm, headers=headers)
        if self.tamper:
            head, body, signature = token.split(".")
            forged = json.loads(base64.urlsafe_b64decode(body + "==")) | {"oid": "somebody-else"}
            body = base64.urlsafe_b64encode(json.dumps(forged).encode()).rstrip(b"=").decode()
            token = f"{head}.{body}.{signature}"
        return token

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.token_requests.append(form)
        if form.get("grant_type") == "refresh_token":
            return self._refreshed()
        if "device_code" in form:
            return self.polls.pop(0)
        if form.get("grant_type") == "client_credentials":
            return self._itself(form)
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "token_type": "Bearer",
            "access_token": "an-access-token",
            "refresh_token": "a-refresh-token",
            "id_token": self.sign(self.claims(asked["nonce"])),
        }

    def _itself(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """One token after another, each named after the address it was asked for at."""
        if self.refused_application:
            return 400, self.refused_application
        number = len(self.token_requests)
        token = f"application-token-{number} of {form['address']}"
        return 200, {"token_type": "Bearer", "access_token": token, "expires_in": self.application_lifetime}

    def _refreshed(self) -> tuple[int, dict[str, Any]]:
        if self.refused_refresh:
            return 400, {"error": self.refused_refresh}
        return 200, {
            "token_type": "Bearer",
            "access_token": "a-graph-token",
            "refresh_token": "the-next-refresh-token",
            "expires_in": 3900,
        }


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.endswith("/.well-known/openid-configuration"):
            self._answer("discovery", 200, self.provider.metadata(path.split("/")[1]))
        elif path == "/keys":
            self._answer("keys", 200, {"keys": self.provider.jwks})
        elif path == "/userinfo":
            self.provider.userinfo_authorization = self.headers.get("Authorization", "")
            self._answer("userinfo", 200, self.provider.userinfo)
        else:
            self._answer("other", 404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            form["basic"] = base64.b64decode(basic.removeprefix("Basic ")).decode()
        if urlsplit(self.path).path == "/introspect":
            self.provider.introspected.append(form)
            self._answer("introspect", 200, self.provider.introspection)
            return
        form["address"] = urlsplit(self.path).path
        if form["address"].endswith("/devicecode"):
            self.provider.token_requests.append(form)
            self._answer("devicecode", 400 if "error" in self.provider.device else 200, self.provider.device)
            return
        status, document = self.provider.token(form)
        self._answer("token", status, document)

    def _answer(self, name: str, status: int, document: dict[str, Any]) -> None:
        self.provider.calls.append(name)
        time.sleep(self.provider.slow.get(name, 0))
        if name in self.provider.down:
            status, document = 503, {}
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        with suppress(ConnectionError):  # the portal gave up waiting, as it should
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


def serve() -> tuple[Provider, ThreadingHTTPServer]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    provider = Provider(server.server_address[1])
    handler.provider = provider  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return provider, server
