"""The documents' example of the metric *Through API or SDK*: one application's calls, day by day (Q4, Q10)."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.services import ROOT
from scripts.walkthrough.__main__ import let_days_pass
from scripts.walkthrough.visit import Visit
from tests.interop.person import Person, walk_through
from tests.system.status_page import API, days, figure, file, status_opened_by

pytestmark = pytest.mark.requirement("Q4", "Q10")
TENANT, JOHN = "fabrikam.example", "john@fabrikam.example"
JOHNS_ID, FABRIKAM = "b0000000-0000-4000-8000-000000000301", "c0000000-0000-4000-8000-000000000003"
CLIENT, CALLBACK = "20000000-0000-4000-8000-000000000009", "https://localhost:8009/callback"
RESOURCE = "https://api.partnercenter.microsoft.com"
MFA = '{"id_token":{"amr":{"essential":true,"values":["mfa"]}}}'


@dataclass(frozen=True)
class Application:
    """Fabrikam's own, which acts for a person at one time and by itself at another."""

    site: Running
    secret: str

    @classmethod
    def registered(cls, site: Running) -> "Application":
        permission = ["--tenant", TENANT, "--permission", f"{RESOURCE}/user_impersonation"]
        own = ["--tenant", TENANT, "--resource", RESOURCE]
        known = ["--client-id", CLIENT, "--redirect-uri", CALLBACK, "--no-pkce"]
        _managed(site, "register_application", "Ordering", *known, *permission)
        _managed(site, "grant_app_roles", CLIENT, "PartnerCenter.Access.All", *own)
        return cls(site, _managed(site, "add_client_secret", CLIENT))

    def token_for(self, person: Person, account: str, **demanded: str) -> str:
        """An access token of this person, who signs in at a browser and is sent back with a code."""
        scope = f"openid {RESOURCE}/user_impersonation"
        asked = {"client_id": CLIENT, "response_type": "code", "redirect_uri": CALLBACK, "scope": scope, **demanded}
        person.open(f"{self.site.site.entra}/{TENANT}/oauth2/v2.0/authorize?{urlencode(asked)}")
        walk_through(person, account)
        (code,) = parse_qs(urlsplit(person.address).query)["code"]
        return self._token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)

    def own_token(self) -> str:
        return self._token(grant_type="client_credentials", scope=f"{RESOURCE}/.default")

    def call(self, token: str, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{self.site.site.portal}/v1/{path}", headers=headers, timeout=30)

    def _token(self, **form: str) -> str:
        address = f"{self.site.site.entra}/{TENANT}/oauth2/v2.0/token"
        answer = requests.post(address, {"client_id": CLIENT, "client_secret": self.secret, **form}, timeout=30)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return str(answer.json()["access_token"])


def _managed(site: Running, *arguments: str) -> str:
    command = [sys.executable, "manage.py", "--settings=entra.settings", *arguments]
    return subprocess.check_output(command, cwd=ROOT, env=site.env, text=True).strip()


def person_at_another_browser(known: Person | None = None) -> Person:
    person = Person("", away=CALLBACK)
    person.authenticator = known.authenticator if known else None
    return person


def days_ago(number: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=number)).isoformat()


def test_of_5_app_and_user_requests_2_carried_mfa(chromium: Browser, own_site: Running) -> None:
    application = Application.registered(own_site)
    john = person_at_another_browser()
    application.token_for(john, JOHN)  # consents, for which he has to verify; nothing is called with it

    token = application.token_for(person_at_another_browser(), JOHN)
    answers = [application.call(token, path) for path in ("customers", "customers", "invoices")]
    assert [(one.status_code, one.reason) for one in answers] == [(401, "Unauthorized - MFA required")] * 3

    let_days_pass(own_site, 1)
    token = application.own_token()
    assert [application.call(token, "auditrecords").status_code for _ in range(5)] == [200] * 5

    let_days_pass(own_site, 1)
    token = application.token_for(person_at_another_browser(john), JOHN, claims=MFA)
    assert [application.call(token, path).status_code for path in ("customers", "invoices")] == [200, 200]

    let_days_pass(own_site, 4)
    visit = status_opened_by(chromium, own_site, JOHN)
    assert figure(visit, API) == ("40%", "2 of 5 requests")
    nothing = ("0", "0", "—")
    assert days(visit, "App+User requests of the API in the last 7 days") == [
        *(("0", "3", "0%"), nothing, ("2", "2", "100%")),
        *(nothing, nothing, nothing, nothing),
    ]
    check_files(visit)
    check_reports(application, application.token_for(person_at_another_browser(john), JOHN, claims=MFA))
    visit.page.reload()
    assert figure(visit, API) == ("62%", "5 of 8 requests")  # the three reports were asked for with MFA

    let_days_pass(own_site, 1)
    visit.close()
    visit = status_opened_by(chromium, own_site, JOHN)
    assert figure(visit, API) == ("100%", "5 of 5 requests")  # the first day has left the window
    assert [one["With MFA"] for one in file(visit, "/api-requests/all")] == ["true"] * 5
    visit.close()


def check_files(visit: Visit) -> None:
    (summary,) = file(visit, "/api-requests/file")
    assert summary["Last request (UTC)"].startswith(days_ago(4))
    assert (summary["Application ID"], summary["Requests"], summary["With MFA"]) == (CLIENT, "5", "2")
    assert (summary["Without MFA"], summary["Share in percent"]) == ("3", "40")

    requested = file(visit, "/api-requests/all")
    assert [one["Time (UTC)"][:10] for one in requested] == [days_ago(4)] * 2 + [days_ago(6)] * 3
    assert {(one["User"], one["Application ID"], one["Address"]) for one in requested} == {(JOHN, CLIENT, "127.0.0.1")}
    assert [(one["Operation"], one["Status"], one["With MFA"]) for one in requested] == [
        ("Get /v{version}/invoices", "200", "true"),
        ("Get /v{version}/customers", "200", "true"),
        ("Get /v{version}/invoices", "401", "false"),
        ("Get /v{version}/customers", "401", "false"),
        ("Get /v{version}/customers", "401", "false"),
    ]


def check_reports(application: Application, token: str) -> None:
    """Each call is one request more, which the next one tells of."""
    adopted = application.call(token, "applicationmfaadoptionstatus").json()
    assert [
        (one["loginDate"], one["applicationId"], one["mfaCompliantRequestCount"], one["totalRequestCount"])
        for one in adopted
    ] == [(days_ago(4), CLIENT, 2, 2), (days_ago(6), CLIENT, 0, 3)]

    requested = application.call(token, "partnerRequests").json()
    assert requested["totalCount"] == 6
    assert [(one["operationName"], one["mfaCompliant"]) for one in requested["items"]] == [
        ("Get /v{version}/applicationmfaadoptionstatus", True),
        ("Get /v{version}/invoices", True),
        ("Get /v{version}/customers", True),
        ("Get /v{version}/invoices", False),
        ("Get /v{version}/customers", False),
        ("Get /v{version}/customers", False),
    ]
    assert {one["upn"] for one in requested["items"]} == {JOHN}

    (principal,) = application.call(token, "nonMfaCompliantPartnerPrincipals").json()["items"]
    assert (principal["objectId"], principal["tenantId"], principal["upn"]) == (JOHNS_ID, FABRIKAM, JOHN)
    assert principal["lastNonMfaCompliantRequestDateTime"].startswith(days_ago(0))  # he read the status page just now
