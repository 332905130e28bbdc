"""What the portal, as an application by itself, learns of a partner tenant from the running provider."""

import json
import subprocess
import sys
from typing import Any

import pytest

from scripts.running import Running
from scripts.services import ROOT
from scripts.walkthrough import provider, wingtip
from scripts.walkthrough.visit import Visit

CONTOSO, WINGTIP, WINGTIP_CLOUD = (f"c0000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 4))
PROSEWARE = "c0000000-0000-4000-8000-000000000005"
PERMISSIONS = (
    *("Application.Read.All", "AuditLog.Read.All", "Domain.Read.All", "Group.Read.All", "GroupMember.Read.All"),
    *("Policy.Read.All", "Reports.Read.All", "RoleManagement.Read.Directory", "User.Read.All"),
)
PORTAL = "10000000-0000-4000-8000-000000000001"
YUKI, TRENT = "yuki@wingtip.example", "trent@wingtipcloud.example"


def as_application(running: Running, tenant: str, expression: str) -> Any:
    """What an expression over `graph` comes to in a process of the portal; a refusal is its code and message."""
    program = (
        "import json\nfrom uuid import UUID\nfrom accounts.oidc.graph import graph_as_application\n"
        f"from msgraph.client import GraphRefused\ngraph = graph_as_application(UUID('{tenant}'))\n"
        f"try: print(json.dumps({expression}))\n"
        "except GraphRefused as refused: print(json.dumps([refused.code, refused.message]))\n"
    )
    command = [sys.executable, "manage.py", "--settings=partnercenter.settings", "shell", "--no-imports", "-c", program]
    return json.loads(subprocess.check_output(command, cwd=ROOT, env=running.env, text=True))


def revoke(running: Running, *permissions: str) -> None:
    running.manage("entra.settings", "grant_app_roles", PORTAL, *permissions, "--tenant", PROSEWARE, "--revoke")


@pytest.mark.requirement("Q9")
def test_everything_that_the_first_metric_weighs_is_read(running: Running) -> None:
    paths = (
        "users",
        "groups",
        "directoryRoles",
        "domains",
        "identity/conditionalAccess/policies",
        "identity/conditionalAccess/namedLocations",
        "policies/identitySecurityDefaultsEnforcementPolicy",
        "reports/authenticationMethods/userRegistrationDetails",
        "auditLogs/signIns",
        "ours/receivedAnswers",
        "users/alejandra@contoso.example/transitiveMemberOf",
    )
    read = as_application(running, CONTOSO, f"[sorted(graph.get(path)) for path in {paths}]")
    assert all("value" in keys or "isEnabled" in keys for keys in read)
    states = "graph.batch([('users/alejandra@contoso.example/authentication/requirements', {})], beta=True)"
    assert as_application(running, CONTOSO, states) == [{"perUserMfaState": "disabled"}]
    named = f"graph.get('servicePrincipals', filter=\"appId eq '{PORTAL}'\", select='displayName')['value']"
    assert as_application(running, CONTOSO, named) == [{"displayName": "Partner Center"}]
    federation = "graph.get('domains/wingtip.example/federationConfiguration')['value'][0]['federatedIdpMfaBehavior']"
    assert as_application(running, WINGTIP, federation) == "enforceMfaByFederatedIdp"


def test_what_an_administrator_did_not_consent_to_is_named(running: Running) -> None:
    revoke(running, "Domain.Read.All")
    code, message = as_application(running, PROSEWARE, "graph.get('domains')")
    assert code == "Authorization_RequestDenied"
    assert "Domain.Read.All" in message


def test_without_any_consent_there_is_no_token(running: Running) -> None:
    revoke(running, *PERMISSIONS)
    code, message = as_application(running, PROSEWARE, "graph.get('domains')")
    assert code == "invalid_grant"
    assert message.startswith("AADSTS501051")


@pytest.mark.requirement("V4", "V8", "V9")
def test_the_answers_of_third_parties_are_told_with_what_they_lack(running: Running, visit: Visit) -> None:
    visit.open("/dashboard/overview")
    provider.give_account(visit, YUKI)
    wingtip.sign_in(visit, YUKI)
    visit.arrive("/dashboard/overview")
    visit.new_session()
    visit.open("/dashboard/overview")
    provider.give_account(visit, TRENT)
    provider.give_password(visit)
    wingtip.approve_custom_control(visit)
    visit.arrive("/dashboard/overview")
    last = "graph.get('ours/receivedAnswers', top='1')['value'][0]"
    federated = as_application(running, WINGTIP, last)
    assert (federated["domain"], federated["assertedName"]) == ("wingtip.example", YUKI)
    assert (federated["result"], federated["provesMfa"], federated["missingProof"]) == ("accepted", True, None)
    control = as_application(running, WINGTIP_CLOUD, last)
    assert (control["kind"], control["assertedName"]) == ("customControl", TRENT)
    assert (control["provesMfa"], control["missingProof"]) == (False, "customControlNeverCounts")
