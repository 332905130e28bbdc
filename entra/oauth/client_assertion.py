"""Applications that prove themselves by a certificate (RFC 7523 section 3, `private_key_jwt`; S1).

The signature comes first: before it is checked nothing in the assertion is believed, and nothing is used up.
"""

import base64
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import jwt
from cryptography import x509
from django.utils import timezone

from entra.apps.credentials import find_certificate, use_assertion
from entra.apps.models import Application, ClientCertificate
from entra.directory.services import find_tenant
from entra.keys.issuer import issuer
from entra.oauth.errors import OAuthError
from entra.oauth.names import endpoint

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("PS256", "RS256")
LONGEST_LIFE = timedelta(hours=1)
_SKEW = timedelta(minutes=5)
_LONGEST_JTI = 200


def asserted_client(assertion: str) -> str:
    """The `client_id` that an assertion speaks for, when the request does not say it otherwise. Proves nothing."""
    try:
        return str(jwt.decode(assertion, options={"verify_signature": False}).get("sub", ""))
    except jwt.InvalidTokenError as error:
        raise _refused(50027) from error


def check_assertion(assertion: str, *, kind: str, application: Application, segment: str) -> None:
    """Return if one of the application's certificates signed this assertion, for us and for now. Raises OAuthError."""
    if kind != ASSERTION_TYPE:
        raise OAuthError("invalid_request", 90023, "client_assertion_type")
    certificate = _certificate(assertion, application)
    claims = _signed_claims(assertion, certificate)
    if not claims.get("iss") == claims.get("sub") == str(application.pk):
        raise _refused(700021)
    # One that was made for somebody else as well could be repeated here by them.
    audiences = _audiences(claims)
    if not audiences or not set(audiences) <= _own_names(segment):
        raise _refused(700023)
    expires_at = _check_times(claims)
    jti = claims.get("jti")
    if not (isinstance(jti, str) and 0 < len(jti) <= _LONGEST_JTI):
        raise _refused(50027, "jti")
    # Microsoft's client libraries repeat an assertion until shortly before it expires, and Entra lets them.
    if application.strict_assertions and not use_assertion(application, jti, expires_at + _SKEW):
        raise _refused(50013, "the assertion was used before")


def _certificate(assertion: str, application: Application) -> ClientCertificate:
    """The certificate that the header names by its thumbprint. Keys that come with the assertion prove nothing."""
    try:
        header = jwt.get_unverified_header(assertion)
    except jwt.InvalidTokenError as error:
        raise _refused(50027) from error
    sha256, sha1 = _hexadecimal(header.get("x5t#S256")), _hexadecimal(header.get("x5t"))
    found = find_certificate(application, sha256=sha256, sha1=sha1) if sha256 or sha1 else None
    if found is None:
        raise _refused(700027, "no certificate of the application has this thumbprint")
    if found.expires_at <= timezone.now():
        raise _refused(700027, "the certificate has expired")
    return found


def _hexadecimal(thumbprint: Any) -> str:
    """Base64url with or without padding: client libraries send both."""
    if not isinstance(thumbprint, str):
        return ""
    try:
        return base64.urlsafe_b64decode(thumbprint.rstrip("=") + "=" * (-len(thumbprint.rstrip("=")) % 4)).hex()
    except ValueError:
        return ""


def _signed_claims(assertion: str, certificate: ClientCertificate) -> dict[str, Any]:
    read = x509.load_pem_x509_certificate(certificate.pem.encode())
    if read.not_valid_before_utc > timezone.now() + _SKEW:
        raise _refused(700027, "the certificate is not valid yet")
    key: Any = read.public_key()
    checked_here = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    unchecked: Any = {**checked_here, "verify_iss": False, "verify_sub": False, "verify_jti": False}
    try:
        claims: dict[str, Any] = jwt.decode(assertion, key, algorithms=list(ALGORITHMS), options=unchecked)
    except jwt.InvalidTokenError as error:
        raise _refused(700027) from error
    return claims


def _audiences(claims: dict[str, Any]) -> list[str]:
    """Empty where one of them is no text."""
    told = claims.get("aud")
    named: list[Any] = told if isinstance(told, list) else [told]
    return named if all(isinstance(one, str) for one in named) else []


def _own_names(segment: str) -> set[str]:
    """The token endpoint in every spelling of the tenant that was called, and the tenant's issuer (RFC 7523bis)."""
    tenant = find_tenant(segment)
    spellings, issuers = {segment}, set[str]()
    if tenant is not None:
        spellings |= {str(tenant.pk), *tenant.domains.values_list("name", flat=True)}
        issuers = {issuer(tenant.pk, version) for version in ("1.0", "2.0")}
    return issuers | {endpoint(one, "token", version) for one in spellings for version in ("1.0", "2.0")}


def _check_times(claims: dict[str, Any]) -> datetime:
    """When the assertion expires. Dates may be fractions of seconds."""
    now = timezone.now()
    try:
        expires_at = datetime.fromtimestamp(float(claims["exp"]), UTC)
        starts_at = datetime.fromtimestamp(float(claims.get("nbf", 0)), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise _refused(50027, "exp") from error
    if expires_at <= now - _SKEW or starts_at > now + _SKEW:
        raise _refused(700024)
    if expires_at > now + LONGEST_LIFE + _SKEW:
        raise _refused(700024, f"an assertion lasts {LONGEST_LIFE.seconds // 60} minutes at most")
    return expires_at


def _refused(code: int, detail: str = "") -> OAuthError:
    return OAuthError("invalid_client", code, detail, status=HTTPStatus.UNAUTHORIZED)
