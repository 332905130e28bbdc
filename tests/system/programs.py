"""Programs of a partner with tokens for the REST API: on behalf of somebody, and by themselves."""

import subprocess
import sys
from typing import Any

import requests

from scripts.running import Running
from scripts.services import ROOT
from tests.interop.person import Person, approve_device
from tests.system.load import Program

TENANT, API = "fabrikam.example", "https://api.partnercenter.microsoft.com"
SCOPE = f"{API}/user_impersonation openid offline_access"
PERMISSION = ["PartnerCenter.Access.All", "--tenant", TENANT, "--resource", API]
TOOL = "30000000-0000-4000-8000-000000000001"


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


def own_programs(site: Running, applications: dict[str, str]) -> dict[str, Program]:
    """New applications, name to client id, with a permission of their own, calling an operation that takes it."""
    commands = []
    for name, client_id in applications.items():
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
        for (name, client_id), secret in zip(applications.items(), secrets, strict=True)
    }
