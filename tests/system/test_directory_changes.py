"""An administrator's program changes somebody's account over the directory API; the person sees it in the browser."""

import json
import time
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest

from scripts.running import Running
from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit

PORTAL_ID = "10000000-0000-4000-8000-000000000001"
CUSTOMERS = "/commerce/customers"
PERSON = "helpdesk@fabrikam.example"
PERMISSIONS = ("UserAuthenticationMethod.ReadWrite.All", "User.RevokeSessions.All")


class Program:
    """Acts as itself in Fabrikam, with what its administrator granted."""

    def __init__(self, running: Running) -> None:
        self._entra = running.site.entra
        running.manage("entra.settings", "grant_app_roles", PORTAL_ID, *PERMISSIONS, "--tenant", "fabrikam.example")
        asked = {
            "grant_type": "client_credentials",
            "client_id": PORTAL_ID,
            "client_secret": (running.site.var_dir / "secrets" / "portal-client-secret").read_text().strip(),
            "scope": f"{self._entra}/graph/.default",
        }
        token = _answer(f"{self._entra}/fabrikam.example/oauth2/v2.0/token", urlencode(asked).encode(), {})
        self._headers = {"Authorization": f"Bearer {token['access_token']}", "Content-Type": "application/json"}

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return _answer(f"{self._entra}/graph/v1.0/{path}", json.dumps(body).encode(), self._headers)


def _answer(url: str, data: bytes, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(url, data, headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return json.load(response)


@pytest.mark.requirement("V10", "M22")
def test_a_temporary_pass_leads_to_a_first_method_and_a_revocation_out_of_the_portal(
    visit: Visit, running: Running
) -> None:
    program = Program(running)
    made = program.post(f"users/{PERSON}/authentication/temporaryAccessPassMethods", {"lifetimeInMinutes": 10})
    visit.open(CUSTOMERS)
    provider.give_account(visit, PERSON)
    visit.page.locator("input[name='password']").fill(made["temporaryAccessPass"])
    visit.page.keyboard.press("Enter")
    provider.expect_registration(visit)
    provider.register_authenticator_app(visit)
    visit.arrive(CUSTOMERS)
    assert program.post(f"users/{PERSON}/revokeSignInSessions", {}) == {"value": True}
    deadline = time.monotonic() + 5
    visit.open(CUSTOMERS)
    while not visit.was_sent_to(visit.site.entra) and time.monotonic() < deadline:
        visit.open(CUSTOMERS)
    provider.expect_sign_in(visit)
