"""Access tokens of django-oauth-toolkit as JWT, RS256, as those of the other two are."""

import secrets
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

KEY: Any = load_pem_private_key(settings.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"].encode(), password=None)


def signed_token(request: Any, refresh_token: bool = False) -> str:
    now = int(time.time())
    claims = {
        "iss": "http://localhost",
        "aud": "https://api.example",
        "iat": now,
        "exp": now + 3900,
        "jti": secrets.token_urlsafe(16),
        "client_id": request.client_id,
        "sub": str(request.user.pk) if request.user else request.client_id,
        "scope": " ".join(request.scopes),
    }
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "benchmark"})
