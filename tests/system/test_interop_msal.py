"""Microsoft's own client libraries get tokens for Partner Center from the provider, over https."""

import base64
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from scripts.running import Running
from secretstore.certificates import create_certificate
from tests.interop import msal_client
from tests.interop.msal_client import claims_of, succeeded
from tests.interop.person import Person, approve_device, walk_through
from tests.interop.processes import Conversation, program
from tests.interop.relying_parties import Refused
from tests.system.newcomers import newcomers

FABRIKAM = "c0000000-0000-4000-8000-000000000003"
WEB, TOOL = "20000000-0000-4000-8000-000000000001", "20000000-0000-4000-8000-000000000002"
REDIRECT_URI = "https://localhost:8009/callback"  # nobody has to listen there
API = "https://api.partnercenter.microsoft.com"
SCOPE = f"{API}/user_impersonation"
COMMAND_LINE = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"  # asks nobody for consent, so also not for MFA
GRAPH = "https://graph.microsoft.com/Directory.AccessAsUser.All"


@dataclass(frozen=True)
class Applications:
    """A web application with a secret and a certificate, and a tool without either, as an operator registers them."""

    site: Running
    authority: str
    ca: str
    secret: str
    expired: str
    certificate: dict[str, str]
    seller: str
    billing: str
    helper: str
    officer: str


@pytest.fixture(scope="module")
def applications(tls_site: Running, tmp_path_factory: pytest.TempPathFactory) -> Applications:
    permissions = ["--permission", SCOPE, "--permission", "Directory.AccessAsUser.All"]
    common = ["--tenant", "fabrikam.example", *permissions]
    manage(tls_site, "register_application", "Automation", "--client-id", WEB, "--redirect-uri", REDIRECT_URI, *common)
    manage(tls_site, "register_application", "Tool", "--client-id", TOOL, "--public", *common)
    granted = ["grant_app_roles", WEB, "PartnerCenter.Access.All", "--tenant", "fabrikam.example", "--resource", API]
    manage(tls_site, *granted)
    expired, secret = (manage(tls_site, "add_client_secret", WEB) for _one in range(2))
    run_out(tls_site, expired)
    pair, file = create_certificate(common_name="automation"), tmp_path_factory.mktemp("keys") / "automation.pem"
    file.write_text(pair.certificate_pem)
    manage(tls_site, "add_client_certificate", WEB, str(file))
    certificate = {"private_key": pair.key_pem, "public_certificate": pair.certificate_pem}
    people = newcomers(tls_site, "SalesAgents", "Billing Administrator", "HelpdeskAgents", "Security Administrator")
    authority = f"{tls_site.site.entra}/{FABRIKAM}"
    return Applications(tls_site, authority, tls_site.env["SSL_CERT_FILE"], secret, expired, certificate, *people)


def run_out(site: Running, secret: str) -> None:
    """Let the secret have expired, as no command can."""
    with closing(sqlite3.connect(site.site.var_dir / "entra.sqlite3")) as database, database:
        change = "UPDATE apps_clientsecret SET expires_at = '2026-01-01 00:00:00' WHERE hint = ?"
        assert database.execute(change, [secret[:3]]).rowcount == 1


def manage(site: Running, *arguments: str) -> str:
    """Run a command of the provider; what it prints."""
    root = Path(__file__).resolve().parents[2]
    command = ["python", "manage.py", "--settings=entra.settings", *arguments]
    return subprocess.check_output(command, cwd=root, env=site.env, text=True).strip()


def person_at(applications: Applications) -> Person:
    return Person(applications.ca, away=REDIRECT_URI)


def informed(client_info: str) -> tuple[str, str]:
    """Whom the client library keys its cache by: person and tenant."""
    said = json.loads(base64.urlsafe_b64decode(client_info + "=" * (-len(client_info) % 4)))
    return said["uid"], said["utid"]


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.mark.requirement("S3")
@pytest.mark.requirement("S4")
@pytest.mark.requirement("A4")
def test_msal_python_signs_a_person_in_and_refreshes_for_another_api(applications: Applications) -> None:
    web = msal_client.confidential(applications.authority, WEB, applications.secret, applications.ca)
    asked = {"redirect_uri": REDIRECT_URI, "login_hint": applications.seller, "response_mode": "form_post"}
    flow = web.initiate_auth_code_flow([SCOPE], **asked)
    person = person_at(applications)
    person.open(flow["auth_uri"])
    walk_through(person, applications.seller)
    assert person.address == REDIRECT_URI  # nothing of the answer is in the address
    answer = succeeded(web.acquire_token_by_auth_code_flow(flow, person.posted))
    first = claims_of(answer["access_token"])
    assert informed(person.posted["client_info"]) == informed(answer["client_info"]) == (first["oid"], first["tid"])
    assert (first["aud"], first["scp"], first["ver"]) == (API, "user_impersonation", "1.0")
    assert (first["appid"], first["appidacr"], first["upn"]) == (WEB, "1", applications.seller)
    assert "mfa" in first["amr"]  # nobody consents without it
    calls(applications, answer["access_token"], "/v1/customers", 200)

    [account] = web.get_accounts()
    assert account["home_account_id"] == f"{first['oid']}.{first['tid']}"
    refreshed = succeeded(web.acquire_token_silent_with_error([SCOPE], account, force_refresh=True))
    for name in ("amr", "acr", "auth_time", "oid"):
        assert claims_of(refreshed["access_token"])[name] == first[name]

    # The refresh token alone, in the hands of the same application with its certificate, at another API.
    by_certificate = msal_client.confidential(applications.authority, WEB, applications.certificate, applications.ca)
    refused = by_certificate.acquire_token_by_refresh_token(answer["refresh_token"], [GRAPH])
    assert refused["error_codes"] == [65001]
    again = succeeded(by_certificate.acquire_token_by_refresh_token(answer["refresh_token"], [SCOPE]))
    assert claims_of(again["access_token"])["appidacr"] == "2"


@pytest.mark.requirement("S1")
@pytest.mark.requirement("A6")
@pytest.mark.parametrize(("kind", "proof"), [("secret", "1"), ("certificate", "2")])
def test_msal_python_acts_as_the_application(applications: Applications, kind: str, proof: str) -> None:
    daemon = msal_client.confidential(applications.authority, WEB, getattr(applications, kind), applications.ca)
    token = succeeded(daemon.acquire_token_for_client([f"{API}/.default"]))["access_token"]
    calls(applications, token, "/v1/auditrecords", 200)
    calls(applications, token, "/v1/customers", 403, "900329")
    claims = claims_of(token)
    assert (claims["aud"], claims["roles"], claims["idtyp"]) == (API, ["PartnerCenter.Access.All"], "app")
    assert (claims["appid"], claims["appidacr"]) == (WEB, proof)
    assert not {"scp", "upn", "amr"} & set(claims)
    assert daemon.acquire_token_for_client(["https://graph.microsoft.com/.default"])["error_codes"] == [501051]


def test_msal_python_says_what_is_wrong_with_a_credential(applications: Applications) -> None:
    wrong = msal_client.confidential(applications.authority, WEB, "wrong", applications.ca)
    assert wrong.acquire_token_for_client([f"{API}/.default"])["error_codes"] == [7000215]
    expired = msal_client.confidential(applications.authority, WEB, applications.expired, applications.ca)
    assert expired.acquire_token_for_client([f"{API}/.default"])["error_codes"] == [7000222]
    pair = create_certificate(common_name="stranger")
    stranger = {"private_key": pair.key_pem, "public_certificate": pair.certificate_pem}
    forged = msal_client.confidential(applications.authority, WEB, stranger, applications.ca)
    assert forged.acquire_token_for_client([f"{API}/.default"])["error_codes"] == [700027]


def test_msal_python_waits_for_a_device(applications: Applications) -> None:
    tool = msal_client.public(applications.authority, TOOL, applications.ca)
    flow = tool.initiate_device_flow([SCOPE])
    with ThreadPoolExecutor() as background:
        polling = background.submit(tool.acquire_token_by_device_flow, flow)
        approve(applications, flow["verification_uri"], flow["user_code"], applications.helper)
        answer = succeeded(polling.result(timeout=120))
    claims = claims_of(answer["access_token"])
    assert (claims["aud"], claims["appid"], claims["appidacr"]) == (API, TOOL, "0")
    assert claims["upn"] == applications.helper


@pytest.mark.requirement("A2")
@pytest.mark.requirement("A3")
def test_a_token_without_mfa_is_refused_by_the_api(applications: Applications) -> None:
    """John's organization demands no MFA at sign-in, so a tool that nobody consents to gets a token without it."""
    tool = msal_client.public(applications.authority, COMMAND_LINE, applications.ca)
    flow = tool.initiate_device_flow([SCOPE])
    with ThreadPoolExecutor() as background:
        polling = background.submit(tool.acquire_token_by_device_flow, flow)
        approve(applications, flow["verification_uri"], flow["user_code"], "john@fabrikam.example", "Command line")
        answer = succeeded(polling.result(timeout=120))
    assert claims_of(answer["access_token"])["amr"] == ["pwd"]
    refused = calls(applications, answer["access_token"], "/v1/customers", 401, "900421")
    assert refused.reason == "Unauthorized - MFA required"
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert refused.headers["Request-Context"].startswith("appId=cid-v1:")
    assert refused.headers["isMfaCompliant"] == "false"
    assert refused.headers["Date"]


def calls(applications: Applications, token: str, path: str, status: int, code: str = "") -> requests.Response:
    """Call the REST API with a token that a client library got."""
    answer = msal_client.called(f"{applications.site.site.portal}{path}", token, applications.ca)
    assert answer.status_code == status, answer.text
    assert not code or answer.json()["code"] == code
    return answer


def approve(applications: Applications, address: str, code: str, account: str, application: str = "Tool") -> None:
    approve_device(person_at(applications), address, code, account, application)


def credentials_for_node(applications: Applications) -> dict[str, Any]:
    """Each as MSAL for Node takes it. With the SHA-256 thumbprint it signs by PS256, with the older one by RS256."""
    pem = applications.certificate["public_certificate"]
    read = x509.load_pem_x509_certificate(pem.encode())
    key = {"privateKey": applications.certificate["private_key"]}
    return {
        "secret": {"clientSecret": applications.secret},
        "expired": {"clientSecret": applications.expired},
        "wrong": {"clientSecret": "wrong"},
        "PS256": {
            "clientCertificate": {**key, "thumbprintSha256": read.fingerprint(hashes.SHA256()).hex(), "x5c": pem}
        },
        "RS256": {"clientCertificate": {**key, "thumbprint": read.fingerprint(hashes.SHA1()).hex()}},  # noqa: S303
    }


@pytest.fixture
def node(applications: Applications) -> Iterator[Conversation]:
    settings = {
        "authority": applications.authority,
        "clientId": WEB,
        "credentials": credentials_for_node(applications),
        "toolId": TOOL,
        "redirectUri": REDIRECT_URI,
    }
    environment = {**applications.site.env, "RELYING_PARTY": json.dumps(settings)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with program("msal_client.mjs", environment, **pipes) as process:
        yield Conversation(process)


def told(node: Conversation, verb: str, **request: Any) -> dict[str, Any]:
    answer = node.ask(verb, **request)
    if failure := answer.get("failure"):
        raise Refused(failure["error"], failure["description"])
    return answer


@pytest.mark.requirement("S3")
@pytest.mark.requirement("A4")
def test_msal_node_signs_a_person_in_and_refreshes(applications: Applications, node: Conversation) -> None:
    account, person = applications.billing, person_at(applications)
    person.open(told(node, "begin", scopes=[SCOPE], loginHint=account)["url"])
    walk_through(person, account)
    answer = told(node, "finish", scopes=[SCOPE], answer=query_of(person.address))
    first = claims_of(answer["accessToken"])
    assert (first["aud"], first["scp"], first["upn"]) == (API, "user_impersonation", account)
    assert (answer["username"], answer["home"]) == (account, f"{first['oid']}.{first['tid']}")
    calls(applications, answer["accessToken"], "/v1/invoices", 200)
    again = claims_of(told(node, "silently", scopes=[SCOPE])["accessToken"])
    assert (again["amr"], again["auth_time"]) == (first["amr"], first["auth_time"])

    # Once more in the browser where the person is signed in, and the answer comes as a form.
    person.open(told(node, "begin", scopes=[SCOPE], loginHint=account, responseMode="form_post")["url"])
    assert walk_through(person, account) == ["authorize"]
    assert person.address == REDIRECT_URI
    answer = told(node, "finish", scopes=[SCOPE], answer=person.posted)
    assert (answer["username"], claims_of(answer["accessToken"])["auth_time"]) == (account, first["auth_time"])
    assert informed(person.posted["client_info"]) == (first["oid"], first["tid"])


@pytest.mark.requirement("S1")
@pytest.mark.requirement("A6")
def test_msal_node_acts_as_the_application(applications: Applications, node: Conversation) -> None:
    for credential, proof in (("secret", "1"), ("PS256", "2"), ("RS256", "2")):
        token = told(node, "byItself", scopes=[f"{API}/.default"], credential=credential)["accessToken"]
        claims = claims_of(token)
        assert (claims["aud"], claims["roles"], claims["idtyp"]) == (API, ["PartnerCenter.Access.All"], "app")
        assert claims["appidacr"] == proof, credential
    calls(applications, token, "/v1/auditrecords", 200)
    calls(applications, token, "/v1/customers", 403, "900329")


@pytest.mark.parametrize(
    ("credential", "resource", "error", "code"),
    [
        ("wrong", API, "invalid_client", 7000215),
        ("expired", API, "invalid_client", 7000222),
        ("secret", "https://graph.microsoft.com", "invalid_grant", 501051),  # no administrator granted anything there
    ],
)
def test_msal_node_is_told_what_is_wrong(
    node: Conversation, credential: str, resource: str, error: str, code: int
) -> None:
    failure = node.ask("byItself", scopes=[f"{resource}/.default"], credential=credential)["failure"]
    assert failure["error"] == error
    assert f"AADSTS{code}:" in failure["description"]


def test_msal_node_waits_for_a_device(applications: Applications, node: Conversation) -> None:
    shown = told(node, "startDevice", scopes=[SCOPE])
    approve(applications, shown["verificationUri"], shown["userCode"], applications.officer)
    claims = claims_of(told(node, "device")["accessToken"])
    assert (claims["aud"], claims["appid"], claims["upn"]) == (API, TOOL, applications.officer)
