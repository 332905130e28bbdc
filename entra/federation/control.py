"""Custom controls: a signed request out, a signed answer back, both compact JWS (V4, V9).

The answer only ever says approved or denied. Whatever else it reports, MFA included, is not read.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.x509 import load_pem_x509_certificate

from entra.federation.errors import AnswerRefused, Refusal

REQUEST_TYPE = "control-request+jwt"
ANSWER_TYPE = "control-answer+jwt"
ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384"]
MAX_LIFETIME = timedelta(minutes=10)
SKEW = timedelta(seconds=60)


@dataclass(frozen=True)
class ControlRequest:
    id: str
    url: str
    audience: str
    issuer: str
    subject: str
    tenant_id: str
    return_url: str
    issued_at: datetime


@dataclass(frozen=True)
class ControlExpected:
    """What the answer to one request must say."""

    question_id: str
    issuer: str
    certificate: str
    audience: str
    subject: str


@dataclass(frozen=True)
class ControlAnswer:
    message_id: str
    approved: bool
    expires_at: datetime


def request_url(request: ControlRequest, *, key_pem: str, lifetime: timedelta = MAX_LIFETIME) -> str:
    """Return the third party's address with our signed request in the query."""
    claims = {
        "iss": request.issuer,
        "aud": request.audience,
        "sub": request.subject,
        "tid": request.tenant_id,
        "jti": request.id,
        "iat": request.issued_at,
        "exp": request.issued_at + lifetime,
        "return_url": request.return_url,
    }
    token = jwt.encode(claims, key_pem, algorithm="RS256", headers={"typ": REQUEST_TYPE})
    return f"{request.url}{'&' if '?' in request.url else '?'}{urlencode({'request': token})}"


def in_response_to(token: str) -> str:
    """Return which request the answer claims to answer. Unproven: for looking up what to expect."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise AnswerRefused(Refusal.UNREADABLE, code=50158) from error
    named = claims.get("in_response_to")
    # Databases do not take NUL or half surrogates; no id of ours has them.
    return named if isinstance(named, str) and named.isprintable() else ""


def validate(token: str, expected: ControlExpected, now: datetime) -> ControlAnswer:
    """Return what the answer says. Raises AnswerRefused."""
    claims = _signed_claims(token, expected)
    if claims["iss"] != expected.issuer:
        raise AnswerRefused(Refusal.WRONG_ISSUER, code=50158)
    if claims["aud"] != expected.audience:
        raise AnswerRefused(Refusal.WRONG_AUDIENCE, code=50158)
    if claims["in_response_to"] != expected.question_id:
        raise AnswerRefused(Refusal.WRONG_QUESTION, code=50158)
    if claims["sub"] != expected.subject:
        raise AnswerRefused(Refusal.WRONG_SUBJECT, code=50158)
    issued_at, expires_at = _moment(claims["iat"]), _moment(claims["exp"])
    if expires_at <= now - SKEW:
        raise AnswerRefused(Refusal.EXPIRED, code=50158)
    if issued_at > now + SKEW:
        raise AnswerRefused(Refusal.NOT_YET_VALID, code=50158)
    if expires_at - issued_at > MAX_LIFETIME or not isinstance(claims["jti"], str) or not claims["jti"]:
        raise AnswerRefused(Refusal.MALFORMED, code=50158)
    return ControlAnswer(message_id=claims["jti"], approved=claims["outcome"] == "approved", expires_at=expires_at)


def _signed_claims(token: str, expected: ControlExpected) -> dict[str, Any]:
    key: Any = load_pem_x509_certificate(expected.certificate.encode()).public_key()
    try:
        # Times, issuer and audience are compared by ourselves, against the clock we are given.
        found = jwt.decode_complete(
            token,
            key,
            algorithms=ALGORITHMS,
            options={
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": False,
                "require": ["iss", "aud", "sub", "jti", "iat", "exp", "in_response_to", "outcome"],
            },
        )
    except jwt.InvalidSignatureError as error:
        raise AnswerRefused(Refusal.SIGNATURE_INVALID, code=50158) from error
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise AnswerRefused(Refusal.MALFORMED, str(error), code=50158) from error
    if found["header"].get("typ") != ANSWER_TYPE:
        raise AnswerRefused(Refusal.MALFORMED, "typ", code=50158)
    claims: dict[str, Any] = found["payload"]
    return claims


def _moment(value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AnswerRefused(Refusal.MALFORMED, "time", code=50158)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError) as error:
        raise AnswerRefused(Refusal.MALFORMED, "time", code=50158) from error
