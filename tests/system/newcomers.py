"""People for one file of tests: what one registers, another file on the same site must not find."""

import re
import subprocess
import sys

from scripts.running import Running
from scripts.services import ROOT

TENANT = "fabrikam.example"


def newcomers(site: Running, *roles: str) -> list[str]:
    """Sign-in names of new people of Fabrikam, who have registered nothing; one for each group or directory role."""
    said = _manage(site, "add_people", str(len(roles)), "--tenant", TENANT)
    found = re.search(r": person(\d+)@", said)
    assert found, said
    names = [f"person{int(found[1]) + number}@{TENANT}" for number in range(len(roles))]
    for name, role in zip(names, roles, strict=True):
        _manage(site, "set_role", name, role)
    return names


def _manage(site: Running, *arguments: str) -> str:
    command = [sys.executable, "manage.py", "--settings=entra.settings", *arguments]
    return subprocess.check_output(command, cwd=ROOT, env=site.env, text=True)
