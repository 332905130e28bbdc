"""What was taken back is refused by the REST API within five seconds, while programs go on calling it (M22, S6)."""

import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import requests

from scripts.running import Running, started
from scripts.services import ROOT
from tests.interop.person import Person, approve_device
from tests.system.events import LIMIT, changed_at, cut_off_push
from tests.system.load import CONNECTIONS, Change, Program, calling

pytestmark = pytest.mark.requirement("M22")
TENANT, API = "fabrikam.example", "https://api.partnercenter.microsoft.com"
SCOPE = f"{API}/user_impersonation openid offline_access"
GRAPH_SCOPE = "https://graph.microsoft.com/Directory.AccessAsUser.All"
PERMISSION = ["PartnerCenter.Access.All", "--tenant", TENANT, "--resource", API]
TOOL = "30000000-0000-4000-8000-000000000001"
OWN = {
    "permission": "30000000-0000-4000-8000-000000000002",
    "application": "30000000-0000-4000-8000-000000000003",
    "disabled": "30000000-0000-4000-8000-000000000004",
    "leaked": "30000000-0000-4000-8000-000000000005",
    "polled": "30000000-0000-4000-8000-000000000006",
}


@pytest.fixture
def site(seeded: Running, tmp_path: Path) -> Iterator[Running]:
    """A site that answers a partner as often as it can."""
    copy = seeded.copied_to(tmp_path / "var")
    copy.env["API_CALLS_PER_MINUTE"] = "0"
    with started(copy) as running:
        yield running


def manage(site: Running, *arguments: str) -> str:
    command = [sys.executable, "manage.py", "--settings=entra.settings", *arguments]
    return subprocess.check_output(command, cwd=ROOT, env=site.env, text=True).strip()


def asked(site: Running, path: str, **form: str) -> dict[str, Any]:
    answer: dict[str, Any] = requests.post(f"{site.site.entra}/{TENANT}/oauth2/v2.0/{path}", form, timeout=30).json()
    return answer


def signed_in(site: Running, person: str, browser: Person, scope: str = SCOPE) -> dict[str, Any]:
    """The tokens of somebody who has verified, as nobody consents without it."""
    shown = asked(site, "devicecode", client_id=TOOL, scope=scope)
    approve_device(browser, shown["verification_uri"], shown["user_code"], f"{person}@{TENANT}", "Tool")
    return asked(site, "token", client_id=TOOL, grant_type="device_code", device_code=shown["device_code"])


def of_person(site: Running, person: str, browser: Person) -> Program:
    answer = signed_in(site, person, browser)
    return Program(person, f"{site.site.portal}/v1/customers", answer["access_token"], answer["refresh_token"])


def own_programs(site: Running) -> dict[str, Program]:
    """Applications with a permission of their own, calling an operation that takes it."""
    commands = []
    for name, client_id in OWN.items():
        commands += [
            ["register_application", name, "--client-id", client_id, "--tenant", TENANT],
            ["grant_app_roles", client_id, *PERMISSION],
            ["add_client_secret", client_id],
        ]
    run = f"from django.core.management import call_command\nfor one in {commands!r}: call_command(*one)"
    secrets = manage(site, "shell", "--no-imports", "-c", run).splitlines()[2::3]  # what the third of each three prints
    form = {"grant_type": "client_credentials", "scope": f"{API}/.default"}
    return {
        name: Program(
            name,
            f"{site.site.portal}/v1/auditrecords",
            asked(site, "token", **form, client_id=client_id, client_secret=secret)["access_token"],
        )
        for (name, client_id), secret in zip(OWN.items(), secrets, strict=True)
    }


def test_what_was_taken_back_is_refused_within_five_seconds(site: Running, record_property: Any) -> None:
    manage(site, "register_application", "Tool", "--client-id", TOOL, "--public", "--tenant", TENANT)
    manage(site, "set_role", f"globaladmin@{TENANT}", "SalesAgents")
    browsers = {name: Person("") for name in ("john", "sales", "helpdesk", "globaladmin")}
    people = {name: of_person(site, name, browser) for name, browser in browsers.items()}
    own = own_programs(site)
    programs = [*people.values(), *own.values()]
    graph = Graph(site, browsers["globaladmin"])
    changes: dict[str, tuple[Program, Change]] = {}

    with calling(programs) as answered:
        begun = time.time()
        assert {one.status_after(time.time()) for one in programs} == {HTTPStatus.OK}

        def by_command(what: str, program: Program, *command: str) -> None:
            manage(site, *command)
            stored = changed_at(site)
            changes[what] = (program, Change(stored, stored))

        changes["sessions revoked"] = people["john"], graph("POST", "john", "revokeSignInSessions")
        by_command(
            "consent revoked", people["sales"], "revoke_consent", TOOL, "--tenant", TENANT, "--user", f"sales@{TENANT}"
        )
        changes["account disabled"] = people["helpdesk"], graph("PATCH", "helpdesk", json={"accountEnabled": False})
        by_command(
            "permission taken away", own["permission"], "grant_app_roles", OWN["permission"], *PERMISSION, "--revoke"
        )
        by_command("application revoked", own["application"], "revoke_consent", OWN["application"], "--tenant", TENANT)
        by_command("application disabled", own["disabled"], "set_application", OWN["disabled"], "--disable")
        by_command("tokens revoked", own["leaked"], "set_application", OWN["leaked"], "--revoke-tokens")
        cut_off_push(site)
        by_command("tokens revoked, by poll", own["polled"], "set_application", OWN["polled"], "--revoke-tokens")
        time.sleep(LIMIT + 0.5)  # also a late 200 has to be seen
        calls, seconds = answered(), time.time() - begun

    for what, (program, change) in changes.items():
        after = program.refused_after(change)
        record_property(what, f"{after:.2f} s")
        sys.stdout.write(f"M22: under load, {what}: refused after {after:.2f} s\n")
        assert program.last_answered() - change.answered < LIMIT, what
    undisturbed = people["globaladmin"]
    assert {status for _at, status in undisturbed.answers} == {HTTPStatus.OK}
    assert sum(one.connections for one in programs) < calls / 10, "connections were not kept open"
    sys.stdout.write(f"M22: {calls / seconds:.0f} calls a second over {len(programs) * CONNECTIONS} connections\n")
    for name in ("john", "sales", "helpdesk"):
        form = {"client_id": TOOL, "grant_type": "refresh_token", "refresh_token": people[name].refresh_token}
        assert asked(site, "token", **form)["error"] == "invalid_grant"


class Graph:
    """The directory API, as an administrator's program calls it."""

    def __init__(self, site: Running, administrator: Person) -> None:
        self._url = f"{site.site.entra}/graph/v1.0/users"
        token = signed_in(site, "globaladmin", administrator, GRAPH_SCOPE)["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, person: str, *action: str, **body: Any) -> Change:
        """Change somebody."""
        url, begun = "/".join((self._url, f"{person}@{TENANT}", *action)), time.time()
        answer = requests.request(method, url, headers=self._headers, timeout=30, **body)
        assert answer.ok, answer.text
        return Change(begun, time.time())
