"""Metric 1 of each partner, read by the portal itself from the real provider over HTTP (Q2, Q6, Q9)."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough import provider, wingtip
from scripts.walkthrough.__main__ import visit_of
from tests.system.status_page import ACCOUNTS, STATUS, figure, file, status_opened_by

pytestmark = [pytest.mark.requirement("Q2"), pytest.mark.requirement("Q9")]
FABRIKAM = "c0000000-0000-4000-8000-000000000003"
SNAPSHOTS = """
from django.utils import timezone
from accounts.models import PartnerTenant
from security.services import take_snapshot
for tenant in PartnerTenant.objects.all():
    take_snapshot(tenant, timezone.now())
"""
FIGURES = """
SELECT display_name, enforced_accounts, enabled_accounts, problem
FROM security_statussnapshot JOIN accounts_partnertenant ON accounts_partnertenant.id = tenant_id
"""
STATUSES = "SELECT user_principal_name, enforced_by, obstacle, policy FROM security_accountstatus WHERE enabled"
DISABLE = """
from io import StringIO
from django.core.management import call_command
for number in range(1, 11):
    call_command("set_account", f"person{number}@fabrikam.example", disable=True, stdout=StringIO())
"""


def take_snapshots(site: Running) -> dict[str, tuple[int, int, str]]:
    """Enforced, enabled and the problem, by partner."""
    site.manage("partnercenter.settings", "shell", "-v", "0", "-c", SNAPSHOTS)
    return {name: tuple(rest) for name, *rest in asked(site, FIGURES)}  # type: ignore[misc]


def accounts(site: Running) -> dict[str, tuple[str, ...]]:
    return {name: tuple(rest) for name, *rest in asked(site, STATUSES)}


def asked(site: Running, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(site.site.var_dir / "portal.sqlite3", timeout=30)) as database:
        return database.execute(query).fetchall()


def test_each_partner_has_the_figure_that_its_own_rules_give(own_site: Running, chromium: Browser) -> None:
    figures = take_snapshots(own_site)
    assert figures["Contoso"] == (8, 9, "")  # everybody but the account for emergencies
    assert figures["Fabrikam"] == (0, 8, "")
    assert figures["Wingtip"] == (0, 3, "")  # nobody has been seen to relay the proof
    assert figures["Wingtip Cloud"] == (0, 2, "")
    assert figures["Proseware"] == (3, 3, "")
    assert figures["Tailspin CPV"] == (2, 3, "")
    found = accounts(own_site)
    assert found["mei_proseware.example#ext#@contoso.example"] == ("conditional-access", "", "MFA for everybody")
    assert found["breakglass@contoso.example"] == ("", "excluded", "MFA for everybody")
    assert found["john@fabrikam.example"] == ("", "nothing", "")
    assert found["prashob@wingtip.example"] == ("", "federated-without-proof", "")
    assert found["trent@wingtipcloud.example"] == ("", "custom-control", "Wingtip approval for everybody")
    assert found["olga@proseware.example"] == ("security-defaults", "", "")
    assert found["dev@tailspin.example"] == ("per-user", "", "")
    assert found["sync-service@tailspin.example"] == ("", "nothing", "")

    prashob = visit_of(chromium, own_site)
    prashob.new_session()
    prashob.open("/dashboard/overview")
    provider.give_account(prashob, "prashob@wingtip.example")
    wingtip.sign_in(prashob, "prashob@wingtip.example")
    prashob.arrive("/dashboard/overview")
    prashob.close()
    assert take_snapshots(own_site)["Wingtip"] == (3, 3, "")
    assert accounts(own_site)["yuki@wingtip.example"] == ("federation", "", "")


def test_of_110_accounts_10_are_disabled_and_90_of_the_rest_enforced(own_site: Running, chromium: Browser) -> None:
    """Fabrikam has 8 accounts; the figure is 90 %."""
    own_site.manage("entra.settings", "add_people", "102", "--tenant", "fabrikam.example")
    own_site.manage("entra.settings", "shell", "-v", "0", "-c", DISABLE)
    enforced = [f"person{number}@fabrikam.example" for number in range(11, 101)]
    own_site.manage(
        "entra.settings", "set_policy", "fabrikam.example", "--per-user-mfa", "enforced", "--user", *enforced
    )
    john = status_opened_by(chromium, own_site, "john@fabrikam.example")
    john.press("Recompute now")
    john.page.get_by_text("The figures were computed.").wait_for()
    assert figure(john, ACCOUNTS) == ("90%", "90 of 100 enabled accounts")
    assert len(file(john, "/accounts?format=csv&disabled=too")) == 110
    assert len(file(john, "/accounts?format=csv&disabled=only")) == 10
    assert len(file(john, "/accounts?format=csv&enforced=no")) == 10
    john.close()


@pytest.mark.requirement("Q6")
def test_people_of_a_sovereign_cloud_find_a_note_and_no_figure(own_site: Running, chromium: Browser) -> None:
    enrol = ("enrol_partner", FABRIKAM, "Fabrikam", "--program", "csp-direct", "--cloud", "usgov")
    own_site.manage("partnercenter.settings", *enrol)
    john = status_opened_by(chromium, own_site, "john@fabrikam.example")
    page = john.page.locator("main").inner_text()
    assert "Not offered in this cloud" in page
    assert "%" not in page
    assert john.page.get_by_role("button", name="Recompute now").count() == 0
    lists = [f"{john.site.portal}{STATUS}/{name}" for name in ("portal-requests/file", "api-requests/all", "accounts")]
    assert [john.page.request.get(address).status for address in lists] == [404, 404, 404]
    john.close()
