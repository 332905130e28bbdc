"""The portal at somebody else's provider: oidc-provider, stepped up by `acr`, people without a tenant of their own."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from scripts.running import Running, free_ports, fresh_site
from tests.interop.person import Person
from tests.interop.processes import server

FABRIKAM = "c0000000-0000-4000-8000-000000000003"
CLIENT_ID = "partner-center"
CODE = "246810"
PASSWORD = "correct horse battery staple"
INSUFFICIENT = "The verification was not sufficient"
# The same name and address twice: only the subject tells these two apart (nOAuth).
PEOPLE = {
    "sam-1f6c": {"login": "sam", "name": "Sam Ito", "preferred_username": "sam@keys.example", "roles": ["partners"]},
    "pat-88d0": {"login": "pat", "name": "Sam Ito", "preferred_username": "sam@keys.example", "roles": []},
}


@pytest.fixture(scope="module")
def issuer() -> str:
    (port,) = free_ports(1)
    return f"https://localhost:{port}"


@pytest.fixture(scope="module")
def portal(issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A portal set up for that provider by its documented settings alone, and the provider."""
    secret = secrets.token_urlsafe(32)
    extra = {
        "OIDC_ISSUER": issuer,
        "OIDC_DISCOVERY_URL": f"{issuer}/.well-known/openid-configuration",
        "OIDC_RP_CLIENT_ID": CLIENT_ID,
        "OIDC_RP_CLIENT_SECRET": secret,
        "OIDC_RP_SCOPES": "openid profile roles",
        "OIDC_TOKEN_USE_BASIC_AUTH": "1",
        "OIDC_STEP_UP_STRATEGY": "acr",
        "OIDC_PARTNER_TENANT": FABRIKAM,
        "OIDC_ROLE_CLAIM": "roles",
        "OIDC_ROLE_MAP": json.dumps({"partners": "admin-agent"}),
    }
    with fresh_site(tmp_path_factory.mktemp("foreign") / "var", tls=True, extra=extra) as running:
        settings = {
            "issuer": issuer,
            "client": {
                "id": CLIENT_ID,
                "secret": secret,
                "redirectUri": f"{running.site.portal}/oidc/callback",
                "postLogoutRedirectUri": f"{running.site.portal}/signed-out",
                "backchannelLogoutUri": f"{running.site.portal}/oidc/backchannel-logout",
            },
            "people": PEOPLE,
            "password": PASSWORD,
            "code": CODE,
        }
        env = {**running.env, "FOREIGN_PROVIDER": json.dumps(settings)}
        health = f"{issuer}/.well-known/openid-configuration"
        with server("foreign_provider.mjs", health, env, running.logs / "foreign.log"):
            yield running


@pytest.fixture
def new_browser(portal: Running) -> Callable[[], Person]:
    return lambda: Person(portal.env["SSL_CERT_FILE"])


@pytest.fixture
def sam(portal: Running, new_browser: Callable[[], Person], issuer: str) -> Person:
    return signed_in(new_browser(), portal, issuer, "sam")


def signed_in(person: Person, portal: Running, issuer: str, login: str) -> Person:
    person.open(f"{portal.site.portal}/")
    assert person.address.startswith(f"{issuer}/interaction/")
    person.press("Sign in", login=login, password=PASSWORD)
    return person


def asked_for(person: Person, issuer: str) -> dict[str, Any]:
    """What the portal's last authorize request said."""
    (address,) = [url for url in person.trail if url.startswith(f"{issuer}/auth?")]
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def open_customers(person: Person, portal: Running) -> None:
    person.open(f"{portal.site.portal}/commerce/customers")


@pytest.mark.requirement("M10")
@pytest.mark.requirement("M11")
def test_overview_opens_with_a_password_and_customers_after_a_step_up(
    sam: Person, portal: Running, issuer: str
) -> None:
    assert (sam.status, sam.address) == (200, f"{portal.site.portal}/dashboard/overview")

    open_customers(sam, portal)
    asked = asked_for(sam, issuer)
    assert json.loads(asked["claims"])["id_token"]["acr"] == {"essential": True, "values": ["2"]}
    assert "acr_values" not in asked  # beside an essential claim it would turn the demand into a wish
    assert sam.heading == "Verify"
    sam.press("Verify", code=CODE)
    assert (sam.status, sam.address) == (200, f"{portal.site.portal}/commerce/customers")

    # Once is enough for the session (M13).
    sam.open(f"{portal.site.portal}/dashboard/billing")
    assert (sam.status, len(sam.trail)) == (200, 1)


@pytest.mark.requirement("M11")
@pytest.mark.parametrize(
    ("button", "status", "heading", "told"),
    [
        pytest.param("Not now", 403, INSUFFICIENT, "What was received 1 What was missing 2", id="acr 1"),
        pytest.param("I have no phone", 403, INSUFFICIENT, "unmet_authentication_requirements", id="unmet"),
        pytest.param("Cancel", 200, "Verification was cancelled", "You are still signed in", id="cancelled"),
    ],
)
def test_a_step_up_without_the_proof_leaves_the_old_level_and_explains(
    button: str, status: int, heading: str, told: str, sam: Person, portal: Running
) -> None:
    open_customers(sam, portal)
    sam.press(button)
    assert (sam.status, sam.heading) == (status, heading)
    assert told in sam.text

    sam.open(f"{portal.site.portal}/dashboard/overview")
    assert (sam.status, len(sam.trail)) == (200, 1)
    open_customers(sam, portal)
    assert sam.heading == "Verify"
    sam.press("Verify", code=CODE)
    assert (sam.status, sam.address) == (200, f"{portal.site.portal}/commerce/customers")


@pytest.mark.requirement("M11")
def test_acr_taken_out_of_the_address_by_hand_opens_nothing(sam: Person, portal: Running, issuer: str) -> None:
    open_customers(sam, portal)
    asked = asked_for(sam, issuer)
    del asked["claims"]
    sam.open(f"{issuer}/auth?{urlencode(asked)}")
    assert sam.trail[-1].startswith(f"{portal.site.portal}/oidc/callback?code=")
    assert (sam.status, sam.heading) == (403, INSUFFICIENT)


@pytest.mark.requirement("M12")
@pytest.mark.requirement("M15")
def test_another_subject_with_the_same_name_and_address_is_another_person(
    sam: Person, portal: Running, issuer: str, new_browser: Callable[[], Person]
) -> None:
    open_customers(sam, portal)
    sam.press("Verify", code=CODE)
    pat = signed_in(new_browser(), portal, issuer, "pat")
    assert pat.address == f"{portal.site.portal}/dashboard/overview"
    open_customers(pat, portal)
    assert (pat.status, pat.heading, len(pat.trail)) == (403, "You can't open this page", 1)


@pytest.mark.requirement("M11")
def test_another_person_at_the_step_up_changes_nothing(sam: Person, portal: Running, issuer: str) -> None:
    open_customers(sam, portal)
    asked = asked_for(sam, issuer)
    sam.forget("localhost")
    sam.open(f"{issuer}/auth?{urlencode(asked)}")
    sam.press("Sign in", login="pat", password=PASSWORD)
    sam.press("Verify", code=CODE)
    assert (sam.status, sam.heading) == (400, "The sign-in could not be completed")
    sam.open(f"{portal.site.portal}/dashboard/me/profile")
    assert "Not proven in this session" in sam.text


@pytest.mark.requirement("M16")
def test_signing_out_ends_both_sessions(sam: Person, portal: Running, issuer: str) -> None:
    sam.open(f"{portal.site.portal}/oidc/sign-out")
    sam.press("Sign out")
    assert sam.address.startswith(f"{issuer}/session/end")
    sam.press("Yes, sign me out")
    assert (sam.address.partition("?")[0], sam.heading) == (f"{portal.site.portal}/signed-out", "You are signed out")
    sam.open(f"{portal.site.portal}/dashboard/overview")
    assert sam.heading == "Sign in"


@pytest.mark.requirement("M22")
def test_signing_out_at_the_provider_ends_the_session_here(sam: Person, portal: Running, issuer: str) -> None:
    """Back-channel: the provider calls the portal itself, with a signed logout token."""
    sam.open(f"{issuer}/session/end")
    sam.press("Yes, sign me out")
    sam.open(f"{portal.site.portal}/dashboard/overview")
    assert (sam.heading, urlsplit(sam.address).netloc) == ("Sign in", urlsplit(issuer).netloc)


@pytest.mark.requirement("M21")
def test_roles_come_from_a_claim_and_from_assignment_in_the_portal(
    sam: Person, portal: Running, issuer: str, new_browser: Callable[[], Person]
) -> None:
    """Sam is Admin agent by the provider's claim; Pat gets a role from Sam, and a greater one from the command."""
    pat = signed_in(new_browser(), portal, issuer, "pat")
    users = f"{portal.site.portal}/dashboard/account/users"
    pat.open(users)
    assert (pat.status, pat.heading) == (403, "You can't open this page")

    sam.open(users)
    sam.press("Verify", code=CODE)
    assert (sam.status, sam.heading) == (200, "Users")
    (link,) = sam.page.xpath("//tbody/tr[td[normalize-space()='—']]//a/@href")  # the one without a role
    sam.open(f"{portal.site.portal}{link}")
    assert "pat-88d0" in sam.text
    sam.page.xpath("//input[@value='sales-agent']")[0].set("checked", "checked")
    sam.press("Save roles")
    assert "The roles of Sam Ito were changed." in sam.text
    open_customers(pat, portal)
    assert pat.heading == "Verify"
    pat.press("Verify", code=CODE)
    assert pat.status == 200

    portal.manage("partnercenter.settings", "assign_role", FABRIKAM, "pat-88d0", "global-admin")
    pat.open(users)
    assert (pat.status, pat.heading) == (200, "Users")
    portal.manage("partnercenter.settings", "assign_role", FABRIKAM, "pat-88d0", "sales-agent", "--remove")
    open_customers(pat, portal)
    assert (pat.status, pat.heading) == (403, "You can't open this page")
