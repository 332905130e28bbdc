"""Verification on the way to a protected page: M11 to M14, M23, and what can go wrong on the way."""

import json
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import sessions
from accounts.evidence import Evidence, Outcome
from accounts.models import PartnerTenant, PortalSession, User
from tests.portal.accounts.conftest import Browser, asked
from tests.portal.conftest import SignIn

MFA_COOKIE = "partnercenter_session"


def level(browser: Browser) -> list[str]:
    return [item.outcome.value for item in PortalSession.objects.get(ended_at=None).evidence]


@pytest.mark.requirement("M11")
def test_a_protected_page_sends_to_verify_and_back_to_the_page(browser: Browser) -> None:
    browser.sign_in()
    url = browser.leave("/commerce/customers?q=a%26b")
    browser.op.changed["amr"] = ["pwd", "mfa"]
    response = browser.come_back(url)
    assert (response.status_code, response["Location"]) == (302, "/commerce/customers?q=a%26b")
    assert browser.client.get("/commerce/customers?q=a%26b").status_code == 200


@pytest.mark.requirement("M13")
def test_mfa_at_sign_in_opens_protected_pages_without_another_prompt(browser: Browser) -> None:
    browser.sign_in("/dashboard/overview", "pwd", "mfa")
    for path in ("/commerce/customers", "/dashboard/billing", "/dashboard/v2/support/customers"):
        assert browser.client.get(path).status_code == 200


def test_the_request_names_the_person_and_asks_for_mfa_as_essential(browser: Browser) -> None:
    browser.sign_in()
    request = asked(browser.leave("/commerce"))
    assert request["login_hint"] == "john@fabrikam.example"
    assert json.loads(request["claims"])["id_token"]["amr"] == {"essential": True, "values": ["mfa"]}
    assert "prompt" not in request


@pytest.mark.parametrize(
    ("strategy", "parameter", "value", "proof"),
    [
        ("claims-amr", "claims", '"amr":{"essential":true,"values":["mfa"]}', {"amr": ["pwd", "mfa"]}),
        ("amr-values", "amr_values", "mfa", {"amr": ["pwd", "ngcmfa"]}),
        ("auth-context", "claims", '"acrs":{"essential":true,"value":"c1"}', {"amr": [], "acrs": ["c1"]}),
        ("acr", "acr_values", "2", {"amr": [], "acr": "2"}),
    ],
)
def test_each_strategy_asks_in_its_own_way_and_knows_its_own_proof(
    browser: Browser, settings: Settings, strategy: str, parameter: str, value: str, proof: dict[str, object]
) -> None:
    settings.OIDC_STEP_UP_STRATEGY = strategy
    browser.sign_in()
    url = browser.leave("/commerce")
    assert value in asked(url)[parameter]
    browser.op.changed |= proof
    assert browser.come_back(url).status_code == 302
    assert browser.client.get("/commerce/customers").status_code == 200


def test_a_provider_that_takes_claims_is_asked_for_acr_by_them_alone(browser: Browser, settings: Settings) -> None:
    """`acr_values` beside them would turn the demand into a wish (Core 5.5.1.1 leaves it open)."""
    settings.OIDC_STEP_UP_STRATEGY = "acr"
    browser.op.discovery["claims_parameter_supported"] = True
    browser.sign_in()
    request = asked(browser.leave("/commerce"))
    assert json.loads(request["claims"])["id_token"]["acr"] == {"essential": True, "values": ["2"]}
    assert "acr_values" not in request


@pytest.mark.parametrize(
    ("strategy", "claims"),
    [
        ("claims-amr", {"amr": ["pwd"]}),
        ("claims-amr", {"amr": ["MFA", "mfa "]}),
        ("claims-amr", {"amr": "pwd mfa"}),
        ("claims-amr", {"amr": {"mfa": True}}),
        ("claims-amr", {"amr": ["pwd"], "acr": "mfa"}),
        ("amr-values", {"amr": ["pwd"]}),
        ("auth-context", {"amr": ["mfa"], "acrs": ["c2"]}),
        ("acr", {"amr": ["mfa"], "acr": "1"}),
        ("acr", {"amr": ["mfa"]}),
    ],
)
def test_an_answer_without_the_proof_changes_nothing_and_says_what_was_missing(
    browser: Browser, settings: Settings, strategy: str, claims: dict[str, object]
) -> None:
    settings.OIDC_STEP_UP_STRATEGY = strategy
    browser.sign_in("/dashboard/overview", "pwd")
    url = browser.leave("/commerce")
    key = browser.client.cookies[MFA_COOKIE].value
    browser.op.changed |= claims
    response = browser.come_back(url)
    assert response.status_code == 403
    assert b"not sufficient" in response.content
    assert browser.client.cookies[MFA_COOKIE].value == key
    assert level(browser) == ["single-factor"]
    assert browser.client.get("/dashboard/overview").status_code == 200


def test_the_session_key_changes_at_step_up_and_the_old_one_is_worth_nothing(browser: Browser) -> None:
    browser.sign_in()
    before = browser.client.cookies[MFA_COOKIE].value
    browser.op.changed["amr"] = ["pwd", "mfa"]
    browser.come_back(browser.leave("/commerce"))
    thief = Client()
    thief.cookies[MFA_COOKIE] = before
    assert browser.client.cookies[MFA_COOKIE].value != before
    assert thief.get("/dashboard/overview").status_code == 302


def test_another_user_at_step_up_is_refused_and_nothing_changes(browser: Browser) -> None:
    browser.sign_in()
    url = browser.leave("/commerce")
    browser.op.changed |= {"oid": "00000000-0000-4000-8000-0000000000ff", "sub": "olga", "amr": ["pwd", "mfa"]}
    response = browser.come_back(url)
    assert response.status_code == 400
    assert b"different account" in response.content
    assert level(browser) == ["single-factor"]
    assert User.objects.count() == 1


def test_the_same_object_id_in_another_tenant_is_another_user(
    browser: Browser, proseware: PartnerTenant, settings: Settings
) -> None:
    """Where one issuer speaks for all tenants, the tenant is part of who somebody is."""
    settings.OIDC_ISSUER = f"{browser.op.base}/v2.0"
    browser.op.discovery["issuer"] = browser.op.changed["iss"] = settings.OIDC_ISSUER
    browser.sign_in()
    url = browser.leave("/commerce")
    browser.op.changed |= {"tid": str(proseware.pk), "amr": ["pwd", "mfa"]}
    response = browser.come_back(url)
    assert response.status_code == 400
    assert b"different account" in response.content
    assert level(browser) == ["single-factor"]


def test_the_same_subject_of_another_issuer_is_another_user(browser: Browser, proseware: PartnerTenant) -> None:
    browser.op.dropped = {"oid"}
    browser.sign_in()
    url = browser.leave("/commerce")
    issuer = browser.op.issuer.replace("000000000003/", "000000000005/")
    browser.op.changed |= {"iss": issuer, "tid": str(proseware.pk), "amr": ["pwd", "mfa"]}
    assert browser.come_back(url).status_code == 400
    assert level(browser) == ["single-factor"]


@pytest.mark.requirement("M21", "M12")
def test_a_role_that_was_taken_away_is_seen_at_the_step_up(browser: Browser) -> None:
    browser.sign_in()
    url = browser.leave("/commerce/customers")
    browser.op.changed |= {"groups": [], "amr": ["pwd", "mfa"]}
    assert browser.come_back(url)["Location"] == "/commerce/customers"
    assert browser.client.get("/commerce/customers").status_code == 403


def test_cancelling_keeps_the_session_at_its_level_and_shows_a_page(browser: Browser) -> None:
    browser.sign_in()
    response = browser.bring_error(browser.leave("/commerce"), "access_denied", "The user cancelled")
    assert response.status_code == 200
    assert b"You are still signed in" in response.content
    assert level(browser) == ["single-factor"]
    assert browser.client.get("/dashboard/overview").status_code == 200


@pytest.mark.requirement("M14", "V4")
def test_an_incompatible_tenant_is_blocked_with_the_reason_and_another_try(browser: Browser) -> None:
    browser.sign_in()
    description = "AADSTS50158: External security challenge not satisfied.\r\nTrace ID: 1"
    response = browser.bring_error(browser.leave("/commerce"), "interaction_required", description)
    assert response["Location"] == "/commerce"
    response = browser.client.get("/commerce")
    assert response.status_code == 403
    for words in (b"is not recognized", b"AADSTS50158", b"amr: pwd", b"Try again"):
        assert words in response.content
    for path in ("/commerce", "/dashboard/billing", "/dashboard/v2/support/customers"):
        assert browser.client.get(path).status_code == 403
    assert browser.client.get("/dashboard/overview").status_code == 200


@pytest.mark.requirement("V4")
@pytest.mark.requirement("M13")
def test_no_number_of_refused_tries_takes_a_proof_away(john: User, client: Client, sign_in: SignIn) -> None:
    session = sign_in(client, john, mfa=True)
    for _ in range(20):
        refused = Evidence(provider=john.issuer, outcome=Outcome.INCOMPATIBLE, at=timezone.now())
        sessions.add_evidence(session, refused)
    assert [item.outcome for item in session.evidence] == [Outcome.MFA, *[Outcome.INCOMPATIBLE] * 9]
    assert client.get("/commerce/customers").status_code == 200


def test_the_latest_answer_is_always_kept(john: User, client: Client, sign_in: SignIn) -> None:
    session = sign_in(client, john, mfa=True)
    for outcome in [*[Outcome.MFA] * 12, Outcome.SINGLE_FACTOR]:
        sessions.add_evidence(session, Evidence(provider=john.issuer, outcome=outcome, at=timezone.now()))
    assert [item.outcome for item in session.evidence] == [*[Outcome.MFA] * 9, Outcome.SINGLE_FACTOR]


def test_when_the_tenant_was_repaired_the_next_try_passes(browser: Browser) -> None:
    browser.sign_in()
    browser.bring_error(browser.leave("/commerce"), "interaction_required", "AADSTS50158: no")
    again = browser.client.get("/oidc/step-up", {"next": "/commerce/customers"})["Location"]
    browser.op.changed["amr"] = ["pwd", "mfa"]
    assert browser.come_back(again)["Location"] == "/commerce/customers"
    assert browser.client.get("/commerce/customers").status_code == 200


def test_an_error_nobody_asked_for_neither_blocks_nor_signs_out(browser: Browser) -> None:
    browser.sign_in()
    forged = {"error": "interaction_required", "error_description": "AADSTS50158: no", "state": "made-up"}
    assert browser.client.get("/oidc/callback", forged).status_code == 400
    assert level(browser) == ["single-factor"]
    assert browser.client.get("/dashboard/overview").status_code == 200


def test_50158_at_sign_in_blocks_nobody(browser: Browser) -> None:
    response = browser.bring_error(browser.leave(), "interaction_required", "AADSTS50158: no")
    assert response.status_code == 403
    assert not PortalSession.objects.exists()


def test_a_provider_error_is_a_page_with_its_code_only(browser: Browser) -> None:
    browser.sign_in()
    description = "AADSTS53003: <script>alert(1)</script>"
    response = browser.bring_error(browser.leave("/commerce"), "server_error", description)
    assert b"AADSTS53003" in response.content
    assert b"alert(1)" not in response.content


@pytest.mark.requirement("M23")
def test_a_maximum_mfa_age_asks_again_with_max_age(browser: Browser, settings: Settings) -> None:
    settings.MFA_MAXIMUM_AGE = timedelta(hours=2)
    browser.sign_in("/dashboard/overview", "pwd", "mfa")
    session = PortalSession.objects.get()
    session.evidence_json[0]["auth_time"] = "2026-01-01T00:00:00+00:00"
    session.save()
    url = browser.leave("/commerce")
    assert asked(url)["max_age"] == "7200"
    browser.op.changed["auth_time"] = int(time.time()) - 7300
    assert browser.come_back(url).status_code == 403  # the proof is old, whatever was asked
    browser.op.changed["auth_time"] = int(time.time())
    assert browser.come_back(browser.leave("/commerce")).status_code == 302
