"""Why an application's requests carry no MFA though people are asked for it: its grant was made without (Q5, S8)."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from scripts.running import Running, started
from scripts.walkthrough.__main__ import let_days_pass
from tests.interop.person import Person, walk_through
from tests.system.causes import API, STATUS, TAIL, call, causes_seen_by, explained_to, look, provider, signed_in

pytestmark = [pytest.mark.requirement("Q5"), pytest.mark.requirement("S8")]
FABRIKAM = "fabrikam.example"
SALES, ADMIN = f"sales@{FABRIKAM}", f"globaladmin@{FABRIKAM}"
SYNC = "20000000-0000-4000-8000-000000000003"
BACK = "http://127.0.0.1:8009/callback"  # nobody has to listen there
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def site(seeded: Running, tmp_path: Path) -> Iterator[Running]:
    """Consents are given without verification, as long as the setting says so."""
    copied = seeded.copied_to(tmp_path / "var")
    copied.env["MFA_AT_CONSENT"] = "0"
    with started(copied) as running:
        yield running


def consent(site: Running) -> dict[str, str]:
    """Give the application a grant in a new browser, and return its tokens."""
    oauth = f"{site.site.entra}/{FABRIKAM}/oauth2/v2.0"
    person = Person("", away=BACK)
    asked = {
        "client_id": SYNC,
        "response_type": "code",
        "redirect_uri": BACK,
        "login_hint": SALES,
        "scope": f"{API}/user_impersonation offline_access",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    person.open(f"{oauth}/authorize?{urlencode(asked)}")
    assert "consent" in walk_through(person, SALES), person.address
    [code] = parse_qs(urlsplit(person.address).query)["code"]
    return tokens(site, grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier=VERIFIER)


def tokens(site: Running, **asked: str) -> dict[str, str]:
    answer = requests.post(
        f"{site.site.entra}/{FABRIKAM}/oauth2/v2.0/token", data={"client_id": SYNC, **asked}, timeout=30
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


def test_a_grant_made_without_mfa_lives_on_until_it_is_made_anew(site: Running) -> None:
    permissions = ["--permission", f"{API}/user_impersonation", "--redirect-uri", BACK, "--public"]
    provider(site, "register_application", "Sync", "--client-id", SYNC, "--tenant", FABRIKAM, *permissions)
    first = consent(site)
    let_days_pass(site, 1)
    renewed = tokens(site, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert call(site, renewed["access_token"]) == 401
    admin = signed_in(site, ADMIN, STATUS)
    look(site, "Fabrikam")
    row = causes_seen_by(admin, site)[SALES, "API or SDK"]
    assert (row.cause, row.application) == ("A grant made without MFA lives on", "Sync")
    text, link = explained_to(admin, site, row)
    assert f"{SALES} gave the application a grant without MFA." in text
    assert link.startswith(f"{site.site.entra}/admin/applications/{SYNC}")

    site.stop()
    site.env["MFA_AT_CONSENT"] = "1"
    site.start()
    provider(site, "revoke_consent", SYNC, "--tenant", FABRIKAM)
    time.sleep(1)  # `iat` has whole seconds: a token of the second in which the consent ends is refused too
    assert call(site, consent(site)["access_token"]) == 200
    look(site, "Fabrikam")
    row = causes_seen_by(admin, site)[SALES, "API or SDK"]
    assert row.cause == TAIL
    let_days_pass(site, 7)
    assert (SALES, "API or SDK") not in causes_seen_by(signed_in(site, ADMIN, STATUS), site)
