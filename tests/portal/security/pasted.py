"""Assertions and tokens as somebody pastes them, and what is read from them."""

import base64
import json
from typing import Any

import pytest

from security.claims.pasted import read_pasted
from security.claims.said import Problem, Said, Unreadable

PROOF = "http://schemas.microsoft.com/claims/multipleauthn"
METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"


def assertion(context: str = PASSWORD, extra: str = "", **attributes: str) -> str:
    rows = "".join(
        f'<a:Attribute Name="{name}"><a:AttributeValue>{value}</a:AttributeValue></a:Attribute>'
        for name, value in attributes.items()
    )
    return (
        '<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1">'
        "<a:Issuer>https://idp.wingtip.example</a:Issuer><a:Subject>"
        '<a:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">prashob@wingtip.example</a:NameID>'
        '<a:SubjectConfirmation><a:SubjectConfirmationData InResponseTo="_q" Recipient="https://sp/acs"/>'
        "</a:SubjectConfirmation></a:Subject>"
        '<a:Conditions NotBefore="2026-11-30T12:00:00Z" NotOnOrAfter="2026-11-30T12:05:00Z"><a:AudienceRestriction>'
        "<a:Audience>urn:federation:partner</a:Audience></a:AudienceRestriction></a:Conditions>"
        f'<a:AuthnStatement AuthnInstant="2026-11-30T11:59:00Z"><a:AuthnContext><a:AuthnContextClassRef>{context}'
        "</a:AuthnContextClassRef></a:AuthnContext></a:AuthnStatement>"
        f"<a:AttributeStatement>{rows}</a:AttributeStatement>{extra}</a:Assertion>"
    )


def token(header: dict[str, Any] | None = None, **claims: Any) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "RS256"} | (header or {}), claims))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "c2ln"])


def fact(said: Said, name: str) -> tuple[str, ...]:
    return next((one.values for one in said.facts if one.name == name), ())


def problem(text: str) -> Problem:
    with pytest.raises(Unreadable) as raised:
        read_pasted(text)
    return raised.value.problem
