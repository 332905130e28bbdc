"""The security workspace over the running provider: real sign-ins, real answers, real refusals (M6, Q7, V4, V8)."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough import provider, wingtip
from scripts.walkthrough.visit import Visit
from tests.axe import violations
from tests.system.test_revocation import ALEJANDRA, signed_in

pytestmark = pytest.mark.requirement("M6")
WORKSPACE = "/dashboard/security"
PRASHOB = "prashob@wingtip.example"


def look(visit: Visit, path: str, name: str) -> str:
    """The text of the page; axe finds nothing, light and dark. WORKSPACE_PICTURES names a folder for pictures."""
    visit.open(path)
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a colour on its way would be judged
        assert violations(visit.page) == []
        if folder := os.environ.get("WORKSPACE_PICTURES"):
            visit.page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)
    return visit.page.locator("main").inner_text()


@pytest.mark.requirement("Q7")
def test_an_administrator_reads_sign_ins_requirements_and_a_what_if(chromium: Browser, own_site: Running) -> None:
    with signed_in(chromium, own_site, ALEJANDRA) as admin:
        admin.open("/dashboard/account/security-requirements")
        admin.press("Recompute now")
        text = look(admin, f"{WORKSPACE}/requirements", "requirements")
        assert "MFA for administrators" in text
        assert "The directory was not read yet" not in text

        assert "With MFA" in look(admin, f"{WORKSPACE}/sign-ins?mfa=with", "sign-ins")
        admin.page.get_by_role("link", name="Alejandra").first.click()
        admin.expect_heading("Sign-in")
        assert "MFA was asked for" in admin.page.locator("main").inner_text()
        look(admin, admin.page.url.removeprefix(own_site.site.portal), "sign-in")

        query = f"person={ALEJANDRA}&page=billing&client=browser"
        text = look(admin, f"{WORKSPACE}/what-if?{query}", "what-if")
        assert "MFA is enforced" in text
        look(admin, f"{WORKSPACE}/all-pages?look=now", "all-pages")
        look(admin, WORKSPACE, "workspace")


@pytest.mark.requirement("V8")
def test_a_federated_sign_in_is_inspected_with_its_proof(chromium: Browser, own_site: Running) -> None:
    visit = Visit(chromium, own_site.site, lambda days: None)
    visit.new_session()
    visit.open("/dashboard/overview")
    provider.give_account(visit, PRASHOB)
    wingtip.sign_in(visit, PRASHOB)
    visit.arrive("/dashboard/overview")
    text = look(visit, f"{WORKSPACE}/federation", "federation")
    assert "The answer was accepted and proves MFA." in text
    visit.page.locator("main a[href*='/answers/']").first.click()
    visit.expect_heading("Answer")
    address = visit.page.url.removeprefix(own_site.site.portal)
    text = look(visit, address, "answer")
    assert "http://schemas.microsoft.com/claims/multipleauthn" in text
    visit.close()


@pytest.mark.requirement("V4", "V9")
def test_a_pasted_assertion_gets_its_verdict_without_leaving_the_portal(chromium: Browser, own_site: Running) -> None:
    with signed_in(chromium, own_site, ALEJANDRA) as admin:
        admin.open(f"{WORKSPACE}/federation/inspect")
        saml = '<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"><a:Issuer>x</a:Issuer></a:Assertion>'
        admin.page.get_by_label("Assertion or token").fill(saml)
        admin.press("Inspect")
        page = admin.page.locator("main")
        page.get_by_text("Proves no MFA").wait_for()
        assert "The signature was not checked" in page.inner_text()
        assert violations(admin.page) == []
        if folder := os.environ.get("WORKSPACE_PICTURES"):
            admin.page.screenshot(path=Path(folder) / "inspect.png", full_page=True)


@pytest.mark.requirement("Q7")
def test_without_consent_the_page_names_the_permission(chromium: Browser, own_site: Running) -> None:
    with signed_in(chromium, own_site, ALEJANDRA) as admin:
        tenant, portal = "c0000000-0000-4000-8000-000000000001", "10000000-0000-4000-8000-000000000001"
        own_site.manage(
            "entra.settings", "grant_app_roles", portal, "AuditLog.Read.All", "--tenant", tenant, "--revoke"
        )
        assert "AuditLog.Read.All" in look(admin, f"{WORKSPACE}/sign-ins", "no-consent")
