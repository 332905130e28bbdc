"""What was taken back is refused by the REST API within five seconds, while programs go on calling it (M22, S6)."""

import sys
import time
from http import HTTPStatus
from typing import Any

import pytest
import requests

from scripts.running import Running
from tests.interop.person import Person
from tests.system.events import LIMIT, changed_at, cut_off_push
from tests.system.load import CONNECTIONS, Change, Program, calling
from tests.system.programs import PERMISSION, TENANT, TOOL, asked, manage, of_person, own_programs, signed_in

pytestmark = pytest.mark.requirement("M22")
GRAPH_SCOPE = "https://graph.microsoft.com/Directory.AccessAsUser.All"
OWN = {
    "permission": "30000000-0000-4000-8000-000000000002",
    "application": "30000000-0000-4000-8000-000000000003",
    "disabled": "30000000-0000-4000-8000-000000000004",
    "leaked": "30000000-0000-4000-8000-000000000005",
    "polled": "30000000-0000-4000-8000-000000000006",
}


def test_what_was_taken_back_is_refused_within_five_seconds(unlimited_site: Running, record_property: Any) -> None:
    site = unlimited_site
    manage(site, "register_application", "Tool", "--client-id", TOOL, "--public", "--tenant", TENANT)
    manage(site, "set_role", f"globaladmin@{TENANT}", "SalesAgents")
    browsers = {name: Person("") for name in ("john", "sales", "helpdesk", "globaladmin")}
    people = {name: of_person(site, name, browser) for name, browser in browsers.items()}
    own = own_programs(site, OWN)
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
