"""MSAL for Python, unmodified: a confidential web application, a daemon, and a tool on a device."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import msal
import requests

from tests.interop.relying_parties import Refused

Answer = dict[str, Any]


def session(authority: str) -> requests.Session:
    """HTTP that checks certificates against `authority` and nothing else."""
    http = requests.Session()
    http.verify, http.trust_env = authority, False
    return http


def confidential(url: str, client_id: str, credential: str | Mapping[str, str], ca: str) -> Any:
    """A fresh application: MSAL answers a repeated request from its memory for seconds."""
    return msal.ConfidentialClientApplication(
        client_id, client_credential=credential, authority=url, http_client=session(ca), instance_discovery=False
    )


def public(url: str, client_id: str, ca: str) -> Any:
    return msal.PublicClientApplication(client_id, authority=url, http_client=session(ca), instance_discovery=False)


def succeeded(answer: Answer) -> Answer:
    """The answer if it holds tokens. Raises Refused."""
    if "error" in answer:
        raise Refused(answer["error"], answer.get("error_description", ""))
    return answer


def called(url: str, token: str, ca: str) -> requests.Response:
    """A call of the REST API, as a program makes it."""
    return session(ca).get(url, headers={"Authorization": f"Bearer {token}", "ValidateMfa": "true"}, timeout=30)


def claims_of(token: str) -> Answer:
    """What an access token says; whether it is signed is its API's to check."""
    payload = token.split(".")[1]
    claims: Answer = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims
