"""Namespaces and identifiers of SAML 2.0, and the claim types that carry the MFA proof."""

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
DS = "http://www.w3.org/2000/09/xmldsig#"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
NS = {"saml": SAML, "samlp": SAMLP, "ds": DS}

HTTP_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
HTTP_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
NO_AUTHN_CONTEXT = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
NAME_ID_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
NAME_ID_EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"

MULTIPLE_AUTHN = "http://schemas.microsoft.com/claims/multipleauthn"
AUTHN_METHODS_REFERENCES = "http://schemas.microsoft.com/claims/authnmethodsreferences"

UPN_ATTRIBUTES = (
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "http://schemas.xmlsoap.org/claims/UPN",
    "IDPEmail",
)


def saml(tag: str) -> str:
    return f"{{{SAML}}}{tag}"


def samlp(tag: str) -> str:
    return f"{{{SAMLP}}}{tag}"


def ds(tag: str) -> str:
    return f"{{{DS}}}{tag}"
