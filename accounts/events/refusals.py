"""How a refused event is explained to its sender (RFC 8935 section 2.4)."""

from accounts.oidc.jwts import Rejection

_CODES = {
    Rejection.KEY: "invalid_key",
    Rejection.ISSUER: "invalid_issuer",
    Rejection.AUDIENCE: "invalid_audience",
}


def error_code(reason: Rejection) -> str:
    return _CODES.get(reason, "invalid_request")
