"""Why people of Fabrikam work without MFA, one for each cause that its own rules give, and what puts it right (Q5)."""

import pytest

from scripts.running import Running
from scripts.walkthrough.__main__ import let_days_pass
from tests.interop.person import Person
from tests.system.causes import (
    CUSTOMERS,
    STATUS,
    TAIL,
    TOOL,
    call,
    causes_seen_by,
    explained_to,
    look,
    provider,
    signed_in,
    token_by_password,
)

pytestmark = pytest.mark.requirement("Q5")
FABRIKAM = "fabrikam.example"
JOHN, SALES, HELP, BILLING, OFFICER, ADMIN = (
    f"{name}@{FABRIKAM}" for name in ("john", "sales", "helpdesk", "billing", "security", "globaladmin")
)
PORTAL, SDK = "Partner Center", "API or SDK"


def policy(site: Running, name: str, *arguments: str) -> None:
    provider(site, "set_conditional_access", FABRIKAM, name, "--grant", "mfa", *arguments)


def test_each_cause_is_named_with_its_fix_which_turns_it_into_a_tail_that_clears(own_site: Running) -> None:
    site = own_site
    provider(site, "set_conditional_access", FABRIKAM, "Here", "--ranges", "127.0.0.0/8", "::1/128")
    policy(site, "Helpers", "--users", "none", "--groups", "HelpdeskAgents", "--exclude-users", HELP)
    policy(site, "Outside", "--users", BILLING, "--not-from", "Here")
    policy(site, "Rehearsal", "--users", OFFICER, "--state", "reportOnly")
    provider(site, "set_policy", FABRIKAM, "--password-grant", "on")

    sales = signed_in(site, SALES, CUSTOMERS)
    for name in (JOHN, HELP, BILLING, OFFICER):
        signed_in(site, name)
    signed_in(site, SALES, known=sales)
    token = token_by_password(site, HELP).json()["access_token"]
    assert call(site, token) == 401  # and a request without MFA all the same

    admin = signed_in(site, ADMIN, STATUS)
    assert "Something was done without MFA since the last look." in admin.text
    admin.press("Recompute now")
    _expect_causes(site, admin)
    _expect_explanations(site, admin)

    _put_right(site)
    look(site, "Fabrikam")
    found = causes_seen_by(admin, site)
    assert {row.cause for row in found.values()} == {TAIL}
    assert {user for user, _through in found} == {JOHN, SALES, HELP, BILLING, OFFICER, ADMIN}
    text, _link = explained_to(admin, site, found[HELP, PORTAL])
    assert "MFA is enforced for helpdesk@fabrikam.example by now: Conditional access “Helpers”." in text
    assert "The cause was: Excluded from the policy." in text

    let_days_pass(site, 7)
    again = signed_in(site, ADMIN, STATUS, known=_with_mfa(site))
    assert causes_seen_by(again, site) == {}
    again.open(f"{site.site.portal}{STATUS}")
    assert "Nothing: in the last 7 days nothing was done without MFA." in again.text


def _expect_causes(site: Running, admin: Person) -> None:
    found = causes_seen_by(admin, site)
    assert {key: row.cause for key, row in found.items()} == {
        (JOHN, PORTAL): "Nothing enforces MFA, and no method is registered",
        (ADMIN, PORTAL): "Nothing enforces MFA, and no method is registered",
        (SALES, PORTAL): "Nothing enforces MFA",
        (HELP, PORTAL): "Excluded from the policy",
        (BILLING, PORTAL): "A condition of the policy was not met",
        (OFFICER, PORTAL): "The policy only reports",
        (HELP, SDK): "An application sent the password itself",
    }
    assert found[HELP, SDK].application == "Command line"


def _expect_explanations(site: Running, admin: Person) -> None:
    found = causes_seen_by(admin, site)
    for key, sentence, place in (
        ((JOHN, PORTAL), f"{JOHN} has no verification method, and no option to enforce MFA", "policies/new"),
        ((SALES, PORTAL), f"{SALES} has a verification method, and no option to enforce MFA", "policies/new"),
        ((HELP, PORTAL), f"The policy “Helpers” asks for MFA and excludes {HELP}.", "policies/"),
        ((BILLING, PORTAL), f"did not ask {BILLING}: its condition on the location was not met.", "policies/"),
        ((OFFICER, PORTAL), f"“Rehearsal” would ask {OFFICER} for MFA, but it only reports.", "policies/"),
        ((HELP, SDK), f"The application sent the password of {HELP} by the password grant", "password-grant"),
    ):
        text, link = explained_to(admin, site, found[key])
        assert sentence in text
        assert link.startswith(f"{site.site.entra}/admin/{place}")
    assert "Get /v{version}/customers" in text
    assert TOOL in text


def _put_right(site: Running) -> None:
    """What each page says is to be done, done by the provider's administrator."""
    policy(site, "Helpers", "--users", "none", "--groups", "HelpdeskAgents")
    policy(site, "Outside", "--users", BILLING)
    policy(site, "Rehearsal", "--users", OFFICER)
    provider(site, "set_policy", FABRIKAM, "--password-grant", "off")
    assert token_by_password(site, HELP).status_code == 400
    policy(site, "Everybody", "--users", JOHN, SALES, ADMIN)


def _with_mfa(site: Running) -> Person:
    return signed_in(site, ADMIN)
