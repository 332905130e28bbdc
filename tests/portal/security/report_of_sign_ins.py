"""Sign-ins of the directory, and the report of them as a client asks for it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests.portal.security.tenant import FakeTenant

LIST = "/dashboard/security/sign-ins"
ID = "50000000-0000-4000-8000-{:012d}"
DEFAULTS = {"rule": "securityDefaults", "applies": False, "why": "notRisky"}
POLICY = {"rule": "policy:MFA for everybody", "applies": True, "why": "applies"}


def signed_in(tenant: FakeTenant, number: int = 1, **values: Any) -> dict[str, Any]:
    """John's at Partner Center, with a password alone, unless the values say else."""
    row = {
        "id": ID.format(number),
        "createdDateTime": "2026-11-30T09:00:00Z",
        "userId": "00000000-0000-4000-8000-000000000009",
        "userDisplayName": "John Evans",
        "userPrincipalName": "john@fabrikam.example",
        "appId": "10000000-0000-4000-8000-000000000001",
        "appDisplayName": "Partner Center",
        "ipAddress": "203.0.113.9",
        "clientAppUsed": "Browser",
        "authenticationProtocol": "oAuth2",
        "conditionalAccessStatus": "notApplied",
        "isInteractive": True,
        "authenticationRequirement": "singleFactorAuthentication",
        "status": {"errorCode": 0, "failureReason": "Other.", "additionalDetails": None},
        "authenticationDetails": [{"authenticationMethod": "Password", "succeeded": True}],
        "correlationId": "6e000000-0000-4000-8000-000000000001",
        "mfaSatisfied": False,
        "result": "success",
        "weighedRules": [DEFAULTS],
    } | values
    tenant.sign_ins.append(row)
    return row


def asked(tenant: FakeTenant) -> dict[str, str]:
    """The options of the last call."""
    return {name: values[0] for name, values in parse_qs(urlsplit(tenant.asked[-1]).query).items()}


def text_of(client: Client, path: str = LIST, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def file_of(client: Client, query: str = "format=csv") -> list[str]:
    return b"".join(client.get(f"{LIST}?{query}").streaming_content).decode().splitlines()
