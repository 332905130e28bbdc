"""mozilla-django-oidc's backend with what it leaves open: full validation, timeouts, and users by subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests
from django.conf import settings
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from accounts.models import SignInRequest, User
from accounts.oidc import identity, provider, tokens
from accounts.oidc.jwts import Rejection, TokenRejected
from accounts.oidc.requests import redirect_uri


class CodeRefused(Exception):
    """The provider did not redeem the code: used before, expired, or of another client."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider says, validated."""

    claims: Mapping[str, Any]
    profile: Mapping[str, Any]
    id_token: str
    refresh_token: str


class PartnerCenterBackend(provider.DiscoveredSettings, OIDCAuthenticationBackend):  # type: ignore[misc]
    """Redeems codes and validates answers; sessions are opened by `accounts.oidc.flows`, not by Django's login."""

    def answer(self, record: SignInRequest, code: str) -> Answer:
        """Redeem the code of a stored request. Raises CodeRefused, TokenRejected, ProviderUnavailable."""
        self.OIDC_OP_TOKEN_ENDPOINT = provider.metadata(record.tenant_id).endpoint("token_endpoint")
        redeemed = self.get_token(
            {
                "client_id": self.OIDC_RP_CLIENT_ID,
                "client_secret": self.OIDC_RP_CLIENT_SECRET,
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri(),
                "code_verifier": record.code_verifier,
            }
        )
        id_token, access_token = str(redeemed.get("id_token", "")), str(redeemed.get("access_token", ""))
        claims = self.verify_token(id_token, nonce=record.nonce, access_token=access_token)
        profile = claims if claims.get("name") else self.get_userinfo(access_token, id_token, claims)
        return Answer(claims, profile, id_token, str(redeemed.get("refresh_token", "")))

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        return tokens.validate_id_token(token, nonce=kwargs["nonce"], access_token=kwargs.get("access_token", ""))

    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        return provider.fetch(lambda: self._redeem(dict(payload)))

    def _redeem(self, payload: dict[str, Any]) -> requests.Response:
        auth = None
        if settings.OIDC_TOKEN_USE_BASIC_AUTH:
            auth = (payload.pop("client_id"), payload.pop("client_secret"))
        response = requests.post(self.OIDC_OP_TOKEN_ENDPOINT, data=payload, auth=auth, timeout=settings.OIDC_TIMEOUT)
        if HTTPStatus.BAD_REQUEST <= response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise CodeRefused(_error_of(response))
        return response

    def get_userinfo(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the profile, or the ID token's claims where there is no userinfo. Raises TokenRejected.

        Core 5.3.2: a userinfo answer about another `sub` must not be used. Only names are ever taken from it.
        """
        if not self.OIDC_OP_USER_ENDPOINT or not access_token:
            return payload
        headers = {"Authorization": f"Bearer {access_token}"}
        profile = provider.fetch(
            lambda: requests.get(self.OIDC_OP_USER_ENDPOINT, headers=headers, timeout=settings.OIDC_TIMEOUT)
        )
        if profile.get("sub") != payload["sub"]:
            raise TokenRejected(Rejection.SUBJECT)
        return profile

    def get_or_create_user(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> User:
        return identity.admit(payload, self.get_userinfo(access_token, id_token, payload))

    def authenticate(self, request: Any, **kwargs: Any) -> None:
        """Nobody signs in through `django.contrib.auth.authenticate`: a code needs its stored request."""
        return


def _error_of(response: requests.Response) -> str:
    try:
        return str(response.json().get("error", ""))[:100]
    except (ValueError, AttributeError):
        return ""
