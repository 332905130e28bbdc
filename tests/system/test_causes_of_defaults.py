"""Why people of Fabrikam work without MFA under security defaults, and what puts it right (Q5, V12)."""

import pytest

from scripts.running import Running
from scripts.walkthrough.__main__ import let_days_pass
from tests.interop.person import Person, walk_through
from tests.system.causes import OVERVIEW, STATUS, TAIL, causes_seen_by, explained_to, look, provider, signed_in

pytestmark = [pytest.mark.requirement("Q5"), pytest.mark.requirement("V12")]
FABRIKAM = "fabrikam.example"
JOHN, SALES, ADMIN = f"john@{FABRIKAM}", f"sales@{FABRIKAM}", f"globaladmin@{FABRIKAM}"
PORTAL = "Partner Center"


def putting_off(site: Running, account: str) -> Person:
    person = Person("")
    person.open(f"{site.site.portal}{OVERVIEW}")
    walk_through(person, account, until="More information required")
    person.press("Skip for now (14 days left)")
    assert person.address == f"{site.site.portal}{OVERVIEW}"
    return person


def test_registration_that_waits_and_a_sign_in_that_is_not_risky(own_site: Running) -> None:
    site = own_site
    provider(site, "set_policy", FABRIKAM, "--security-defaults", "on")
    admin = signed_in(site, ADMIN, STATUS)
    putting_off(site, JOHN)
    sales = signed_in(site, SALES)  # registers, and so has MFA
    signed_in(site, SALES, known=sales)  # a known place and device
    look(site, "Fabrikam")
    found = causes_seen_by(admin, site)
    assert {key: row.cause for key, row in found.items()} == {
        (JOHN, PORTAL): "Security defaults: registration may still wait",
        (SALES, PORTAL): "Security defaults: the sign-in was not risky",
    }
    text, link = explained_to(admin, site, found[JOHN, PORTAL])
    assert f"Security defaults leave 14 days for registering, and {JOHN} has not registered yet." in text
    assert "This can wait until" in text
    assert "/admin/sign-ins/" in link
    assert "Ask by mail to register" in text
    text, link = explained_to(admin, site, found[SALES, PORTAL])
    assert f"this one of {SALES} came from a known device and place" in text
    assert link.startswith(f"{site.site.entra}/admin/policies/new")

    signed_in(site, JOHN)  # registers
    look(site, "Fabrikam")
    assert causes_seen_by(admin, site)[JOHN, PORTAL].cause == TAIL
    provider(site, "set_policy", FABRIKAM, "--security-defaults", "off")
    provider(site, "set_policy", FABRIKAM, "--require-mfa", "all")
    look(site, "Fabrikam")
    assert {row.cause for row in causes_seen_by(admin, site).values()} == {TAIL}
    let_days_pass(site, 7)
    assert causes_seen_by(signed_in(site, ADMIN, STATUS, known=admin), site) == {}
