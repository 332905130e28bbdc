"""Provider metadata and the key set (OIDC Discovery 1.0, RFC 8414)."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from entra.apps.scopes import OPENID_SCOPES
from entra.directory.services import find_tenant
from entra.keys.issuer import issuer
from entra.keys.services import ALGORITHM, CACHED_FOR, published_keys
from entra.oauth.client_assertion import ALGORITHMS
from entra.oauth.errors import OAuthError, body, correlation_id
from entra.oauth.names import COMMON, TENANT_REGION, endpoint
from entra.signin.evidence import MFA_ACR, SINGLE_FACTOR_ACR

_CONFIDENTIAL = ("client_secret_basic", "client_secret_post", "private_key_jwt")


@require_safe
def configuration(request: HttpRequest, segment: str, version: str) -> JsonResponse:
    """The metadata document. At `common` the issuer is a template, as every tenant signs as itself."""
    tenant = None if segment in COMMON else find_tenant(segment)
    if tenant is None and segment not in COMMON:
        error = OAuthError("invalid_tenant", 90002)
        return _public(JsonResponse(body(error, correlation_id(request)), status=HTTPStatus.BAD_REQUEST))
    named = str(tenant.pk) if tenant else segment
    return _public(JsonResponse(_metadata(named, str(tenant.pk) if tenant else "{tenantid}", version)))


@require_safe
def key_set(request: HttpRequest, segment: str) -> JsonResponse:
    response = _public(JsonResponse({"keys": published_keys()}))
    response["Cache-Control"] = f"public, max-age={int(CACHED_FOR.total_seconds())}"
    return response


def _metadata(segment: str, issuer_tenant: str, version: str) -> dict[str, Any]:
    keys_path = "discovery/v2.0/keys" if version == "2.0" else "discovery/keys"
    return {
        "issuer": issuer(issuer_tenant, version),
        "authorization_endpoint": endpoint(segment, "authorize", version),
        "token_endpoint": endpoint(segment, "token", version),
        "device_authorization_endpoint": endpoint(segment, "devicecode", version),
        "end_session_endpoint": endpoint(segment, "logout", version),
        "userinfo_endpoint": f"{settings.ENTRA_URL}/oidc/userinfo",
        "jwks_uri": f"{settings.ENTRA_URL}/{segment}/{keys_path}",
        "introspection_endpoint": endpoint(segment, "introspect", "2.0"),
        "introspection_endpoint_auth_methods_supported": list(_CONFIDENTIAL),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post", "fragment"],
        "grant_types_supported": [
            *("authorization_code", "refresh_token", "client_credentials"),
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": [*_CONFIDENTIAL, "none"],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(OPENID_SCOPES),
        "claims_supported": [
            *("iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "auth_time", "amr", "acr", "acrs", "sid"),
            *("tid", "oid", "name", "preferred_username", "email", "given_name", "family_name"),
            *("groups", "wids", "acct"),
        ],
        "acr_values_supported": [*SINGLE_FACTOR_ACR[:1], *MFA_ACR],
        "prompt_values_supported": ["none", "login", "select_account", "consent"],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "tenant_region_scope": TENANT_REGION,
    }


def _public(response: JsonResponse) -> JsonResponse:
    # Browser clients read these documents from other origins; there is nothing private in them.
    response["Access-Control-Allow-Origin"] = "*"
    return response
