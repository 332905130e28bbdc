"""Authlib's requests client, unmodified, used as its documentation shows; client_secret_basic is its default."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc6749 import OAuth2Token
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.interop.relying_parties import Refused, Registration, SignedIn

LEEWAY = 60


@dataclass(frozen=True)
class Pending:
    verifier: str
    nonce: str
    max_age: int | None


class AuthlibClient:
    def __init__(self, registration: Registration, authority: str) -> None:
        self.registration = registration
        self._authority = authority
        self._pending: dict[str, Pending] = {}
        self._server = self._get(f"{registration.issuer}/.well-known/openid-configuration")
        assert self._server["issuer"] == registration.issuer

    def begin(self, **parameters: str) -> str:
        verifier, nonce = generate_token(48), generate_token()
        url, state = self._session().create_authorization_url(
            self._server["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **parameters
        )
        max_age = parameters.get("max_age")
        self._pending[state] = Pending(verifier, nonce, int(max_age) if max_age else None)
        return str(url)

    def finish(self, url: str) -> SignedIn:
        answer = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        pending = self._pending.pop(answer["state"])
        if "error" in answer:
            raise Refused(answer["error"], answer.get("error_description", ""))
        session = self._session(state=answer["state"])
        token = session.fetch_token(
            self._server["token_endpoint"], authorization_response=url, code_verifier=pending.verifier
        )
        claims = self._claims(token, pending)
        userinfo = session.get(self._server["userinfo_endpoint"])
        userinfo.raise_for_status()
        assert userinfo.json()["sub"] == claims["sub"]
        return SignedIn(claims, userinfo.json(), token.get("refresh_token", ""))

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        token = self._session().refresh_token(self._server["token_endpoint"], refresh_token=refresh_token)
        return self._claims(token, None)

    def _session(self, state: str | None = None) -> OAuth2Session:
        session = OAuth2Session(
            self.registration.client_id,
            self.registration.client_secret,
            redirect_uri=self.registration.redirect_uri,
            code_challenge_method="S256",
            scope="openid profile email offline_access",
            state=state,
        )
        session.verify, session.trust_env = self._authority, False
        return session

    def _claims(self, token: OAuth2Token, pending: Pending | None) -> Mapping[str, Any]:
        """Validate the ID token as Authlib's own framework integrations do, and the age, which they leave to us."""
        keys = KeySet.import_key_set(self._get(self._server["jwks_uri"]))
        decoded = jwt.decode(
            token["id_token"], key=keys, algorithms=self._server["id_token_signing_alg_values_supported"]
        )
        expected: dict[str, Any] = {"client_id": self.registration.client_id, "access_token": token["access_token"]}
        if pending is not None:
            expected |= {"nonce": pending.nonce, "max_age": pending.max_age}
        options = {"iss": {"values": [self.registration.issuer]}, "aud": {"value": self.registration.client_id}}
        claims = CodeIDToken(decoded.claims, decoded.header, options, expected)
        claims.validate(leeway=LEEWAY)
        if pending is not None and pending.max_age is not None:
            assert claims["auth_time"] + pending.max_age + 1 >= time(), "the sign-in is older than max_age allows"
        return dict(claims)

    def _get(self, url: str) -> dict[str, Any]:
        with requests.Session() as http:
            http.verify, http.trust_env = self._authority, False
            response = http.get(url, timeout=30)
        response.raise_for_status()
        document: dict[str, Any] = response.json()
        return document
