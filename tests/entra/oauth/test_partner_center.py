"""Partner Center as an API of the provider: one audience a token, the v1 claims of requirement A4, consent (S4)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from entra.apps.administration import grant_app_roles
from entra.apps.consents import record_consent
from entra.apps.models import Application, ConsentGrant
from entra.apps.resources import partner_center
from entra.directory.models import Tenant, User
from entra.signin.method import Method
from tests.entra.conftest import RelyingParty
from tests.entra.oauth.conftest import error_of

API = "https://api.partnercenter.microsoft.com"
API_ID = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
IMPERSONATION = f"{API}/user_impersonation"
V2_SCOPE = f"openid profile offline_access {IMPERSONATION}"


def claims_of(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.content
    return jwt.decode(response.json()["access_token"], options={"verify_signature": False})


@pytest.fixture
def sam(signed_in_rp: RelyingParty, application: Application, john: User, sign_in: Callable[..., None]) -> RelyingParty:
    """An application that people consent to. John has verified, and accepted what the registration lists."""
    Application.objects.update(preauthorized=False, permissions=[IMPERSONATION, "Directory.AccessAsUser.All"])
    application.refresh_from_db()
    sign_in(signed_in_rp.browser, john, Method.AUTHENTICATOR_APP)
    scopes = ["openid", "profile", "email", "offline_access", IMPERSONATION, "Directory.AccessAsUser.All"]
    record_consent(application=application, account=john, scopes=scopes)
    return signed_in_rp


@pytest.fixture
def v1(sam: RelyingParty) -> RelyingParty:
    return RelyingParty(sam.browser, sam.application, sam.segment, version="1.0")


@pytest.mark.requirement("A4")
@pytest.mark.requirement("V6")
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_the_access_token_is_the_documents_one_whichever_endpoint_issues_it(
    sam: RelyingParty, john: User, version: str
) -> None:
    rp = RelyingParty(sam.browser, sam.application, sam.segment, version=version)
    asked = {"scope": None, "resource": API} if version == "1.0" else {"scope": V2_SCOPE}
    claims = claims_of(rp.token(code=rp.code(**asked)))
    assert claims["exp"] - claims["iat"] == 3900
    assert claims["nbf"] == claims["iat"]
    for name in ("exp", "iat", "nbf", "auth_time", "uti", "grant", "sub"):
        assert claims.pop(name)
    assert claims == {
        "aud": API,
        "iss": f"http://localhost:8001/{sam.segment}/",
        "acr": "1",
        "amr": ["pwd", "otp", "mfa"],
        "appid": str(sam.application.pk),
        "appidacr": "1",
        "family_name": "Example",
        "given_name": "John",
        "ipaddr": "127.0.0.1",
        "name": "John Example",
        "oid": str(john.pk),
        "scp": "user_impersonation",
        "tenant_region_scope": "WW",
        "tid": sam.segment,
        "unique_name": "john@fabrikam.example",
        "upn": "john@fabrikam.example",
        "ver": "1.0",
    }


@pytest.mark.requirement("A4")
def test_the_api_has_the_name_that_the_settings_give_it(sam: RelyingParty, settings: Any) -> None:
    settings.PARTNER_CENTER_RESOURCE = "https://partner.example"
    Application.objects.update(permissions=["https://partner.example/user_impersonation"])
    claims = claims_of(sam.token(code=sam.code(scope="https://partner.example/.default")))
    assert claims["aud"] == "https://partner.example"


@pytest.mark.requirement("S4")
@pytest.mark.parametrize("scope", [IMPERSONATION, f"{API}/.default", f"{API_ID}/.default", f"{API}//.default"])
def test_every_spelling_of_the_scope_is_the_same_permission(sam: RelyingParty, scope: str) -> None:
    response = sam.token(code=sam.code(scope=f"openid {scope}"), scope=f"openid {scope}")
    assert claims_of(response)["scp"] == "user_impersonation"
    told = response.json()["scope"].split()
    assert {scope, "openid"} <= set(told)
    assert IMPERSONATION in told


@pytest.mark.requirement("S4")
def test_one_refresh_token_is_good_for_several_apis_and_each_token_for_one(sam: RelyingParty) -> None:
    first = sam.token(code=sam.code(scope=V2_SCOPE)).json()
    second = sam.refresh(first["refresh_token"], scope="https://graph.microsoft.com/Directory.AccessAsUser.All")
    third = sam.refresh(second.json()["refresh_token"], scope=f"{API}/.default")
    assert claims_of(second)["aud"] == "00000003-0000-0000-c000-000000000000"
    assert claims_of(second)["scp"] == "Directory.AccessAsUser.All"
    assert (claims_of(third)["aud"], claims_of(third)["scp"]) == (API, "user_impersonation")


@pytest.mark.requirement("S3")
@pytest.mark.requirement("S4")
def test_v1_names_the_api_when_the_code_is_redeemed_and_at_each_refresh(v1: RelyingParty) -> None:
    first = v1.token(code=v1.code(scope="openid profile"), resource=API)
    assert claims_of(first)["aud"] == API
    assert (first.json()["scope"], first.json()["resource"]) == ("user_impersonation", API)
    assert (first.json()["expires_in"], first.json()["token_type"]) == ("3900", "Bearer")
    again = v1.refresh(first.json()["refresh_token"], resource="https://graph.microsoft.com/", scope="openid")
    assert claims_of(again)["scp"].split()[-1] == "Directory.AccessAsUser.All"
    assert again.json()["id_token"]


@pytest.mark.requirement("S4")
@pytest.mark.requirement("S8")
def test_an_api_that_was_not_consented_to_is_refused(sam: RelyingParty, v1: RelyingParty) -> None:
    tokens = sam.token(code=sam.code(scope=V2_SCOPE)).json()
    graph_only = ConsentGrant.objects.exclude(resource=API_ID)
    ConsentGrant.objects.filter(resource=API_ID).delete()
    for response in (
        sam.refresh(tokens["refresh_token"]),
        sam.refresh(tokens["refresh_token"], scope=IMPERSONATION),
        sam.refresh(tokens["refresh_token"], scope=f"{API}/.default"),
        v1.refresh(tokens["refresh_token"], resource=API),
    ):
        assert error_of(response) == ("invalid_grant", 65001)
        assert response.json()["suberror"] == "consent_required"
    graph_only.update(scopes=["openid", "profile", "offline_access"])
    refused = sam.refresh(tokens["refresh_token"], scope="https://graph.microsoft.com/Directory.AccessAsUser.All")
    assert error_of(refused) == ("invalid_grant", 65001)


@pytest.mark.requirement("S4")
@pytest.mark.parametrize(
    ("scope", "error", "code"),
    [
        (f"{IMPERSONATION} https://graph.microsoft.com/User.Read", "invalid_request", 28000),
        (f"{IMPERSONATION} User.Read", "invalid_request", 28000),
        (f"{API}/.default https://graph.microsoft.com/.default", "invalid_request", 28000),
        (f"{API}/.default {IMPERSONATION}", "invalid_scope", 70011),
        (f"{API}/everything", "invalid_scope", 70011),
        ("https://elsewhere.example/.default", "invalid_resource", 500011),
        ("email", "invalid_scope", 70011),
    ],
)
def test_a_token_request_is_for_one_api_that_exists(sam: RelyingParty, scope: str, error: str, code: int) -> None:
    tokens = sam.token(code=sam.code(scope=V2_SCOPE)).json()
    assert error_of(sam.refresh(tokens["refresh_token"], scope=scope)) == (error, code)
    assert error_of(sam.token(code=sam.code(scope=V2_SCOPE), scope=scope)) == (error, code)


def test_an_unknown_resource_is_said_in_v1_and_resource_is_no_word_of_v2(sam: RelyingParty, v1: RelyingParty) -> None:
    assert v1.answer(scope=None, resource="https://elsewhere.example")["error"] == "invalid_resource"
    assert v1.answer(scope=None, resource="x" * 300)["error"] == "invalid_resource"
    assert error_of(v1.token(code=v1.code(scope=None), resource="https://elsewhere.example"))[1] == 500011
    assert error_of(sam.token(code=sam.code(scope=V2_SCOPE), resource=API)) == ("invalid_request", 901002)


def test_what_the_registration_does_not_list_is_not_asked_for(sam: RelyingParty, v1: RelyingParty) -> None:
    Application.objects.update(permissions=[])
    for answer in (sam.answer(scope=f"{API}/.default"), v1.answer(scope=None, resource=API)):
        assert answer["error"] == "invalid_resource"
        assert answer["error_description"].startswith("AADSTS650057")


@pytest.mark.requirement("S2")
def test_without_a_grant_a_person_is_asked_and_a_silent_request_refused(sam: RelyingParty) -> None:
    ConsentGrant.objects.filter(resource=API_ID).delete()
    assert sam.authorize(scope=V2_SCOPE)["Location"].endswith("/consent")
    answer = sam.answer(scope=V2_SCOPE, prompt="none")
    assert (answer["error"], answer["error_description"][:11]) == ("consent_required", "AADSTS65001")


def test_consent_of_one_tenant_counts_in_no_other(sam: RelyingParty, contoso: Tenant, alejandra: User) -> None:
    record_consent(application=sam.application, account=alejandra, scopes=[IMPERSONATION, "openid"], for_everybody=True)
    ConsentGrant.objects.exclude(account=None).delete()
    assert sam.answer(scope=f"openid {IMPERSONATION}", prompt="none")["error"] == "consent_required"


@pytest.mark.requirement("S8")
@pytest.mark.requirement("V6")
def test_the_evidence_survives_every_refresh_and_ends_with_the_maximum_age(sam: RelyingParty, settings: Any) -> None:
    settings.MAX_MFA_AGE_DAYS = 14
    first = sam.token(code=sam.code(scope=V2_SCOPE))
    with time_machine.travel(timezone.now() + timedelta(days=13)):
        second = sam.refresh(first.json()["refresh_token"])
    for name in ("amr", "acr", "auth_time"):
        assert claims_of(second)[name] == claims_of(first)[name]
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert error_of(sam.refresh(second.json()["refresh_token"])) == ("interaction_required", 50078)


@pytest.mark.requirement("A6")
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_an_application_by_itself_has_roles_and_is_nobody(
    sam: RelyingParty, fabrikam: Tenant, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rp = RelyingParty(sam.browser, sam.application, sam.segment, version=version)
    asked = {"resource": API} if version == "1.0" else {"scope": f"{API}/.default"}
    usual = {"grant_type": "client_credentials", "redirect_uri": None, "code_verifier": None}
    assert error_of(rp.token(**usual, **asked)) == ("invalid_grant", 501051)
    command = ["grant_app_roles", str(rp.application.pk), "PartnerCenter.Access.All", "--tenant", "fabrikam.example"]
    call_command(*command, "--resource", API)
    assert capsys.readouterr().out.strip() == "PartnerCenter.Access.All"
    claims = claims_of(rp.token(**usual, **asked))
    assert (claims["aud"], claims["iss"], claims["ver"]) == (API, f"http://localhost:8001/{rp.segment}/", "1.0")
    assert (claims["roles"], claims["idtyp"]) == (["PartnerCenter.Access.All"], "app")
    assert (claims["appid"], claims["appidacr"]) == (str(rp.application.pk), "1")
    assert not {"scp", "upn", "amr", "acr", "name", "azp", "unique_name"} & set(claims)


def test_a_permission_of_one_api_is_none_of_another(sam: RelyingParty, fabrikam: Tenant) -> None:
    with pytest.raises(CommandError, match="no application permission of this API"):
        call_command(
            "grant_app_roles",
            str(sam.application.pk),
            "User.Read.All",
            "--tenant",
            "fabrikam.example",
            "--resource",
            API,
        )
    with pytest.raises(CommandError, match="no API has the id"):
        call_command(
            "grant_app_roles",
            str(sam.application.pk),
            "x",
            "--tenant",
            "fabrikam.example",
            "--resource",
            "https://elsewhere.example",
        )
    grant_app_roles(
        application=sam.application,
        tenant=fabrikam,
        permissions=["PartnerCenter.Access.All"],
        actor="a test",
        resource=partner_center(),
    )
    usual = {"grant_type": "client_credentials", "redirect_uri": None, "code_verifier": None}
    assert error_of(sam.token(**usual, scope="https://graph.microsoft.com/.default"))[1] == 501051


def test_a_partner_center_token_opens_nothing_at_the_directory(sam: RelyingParty) -> None:
    token = sam.token(code=sam.code(scope=V2_SCOPE)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert sam.browser.get("/oidc/userinfo", headers=headers).status_code == 401
    assert sam.browser.get("/graph/v1.0/me", headers=headers).status_code == 401


def test_introspection_knows_the_applications_own_partner_center_token(sam: RelyingParty) -> None:
    token = sam.token(code=sam.code(scope=V2_SCOPE)).json()["access_token"]
    posted = {"client_id": str(sam.application.pk), "client_secret": sam.secret, "token": token}
    answer = sam.browser.post(f"/{sam.segment}/oauth2/v2.0/introspect", posted).json()
    assert (answer["active"], answer["aud"], answer["scope"]) == (True, API, "user_impersonation")


@pytest.mark.parametrize(
    ("registered", "asked", "accepted"),
    [
        ("http://localhost", "http://localhost:53682", True),
        ("http://localhost", "http://localhost:53682/", True),
        ("http://127.0.0.1:8400/return", "http://127.0.0.1:8999/return", True),
        ("http://[::1]/return", "http://[::1]:8999/return", True),
        ("http://localhost", "http://127.0.0.1:53682", False),
        ("http://localhost", "http://localhost:53682/other", False),
        ("http://localhost", "https://localhost:53682", False),
        ("http://localhost", "http://localhost.attacker.example:80", False),
        ("http://localhost", "http://localhost:80@attacker.example", False),
        ("http://localhost", "http://localhost:x", False),
        ("https://app.example/callback", "https://app.example:444/callback", False),
        ("http://app.example/callback", "http://app.example:444/callback", False),
    ],
)
def test_a_desktop_tool_is_answered_at_any_port_of_its_own_machine(
    public_rp: RelyingParty, registered: str, asked: str, accepted: bool
) -> None:
    Application.objects.filter(pk=public_rp.application.pk).update(redirect_uris=[registered])
    response = public_rp.authorize(redirect_uri=asked)
    assert response.status_code == (303 if accepted else 400)
    if accepted:
        assert response["Location"].startswith(f"{asked}?code=")


def test_a_confidential_application_is_answered_at_its_registered_port_only(sam: RelyingParty) -> None:
    Application.objects.update(redirect_uris=["http://localhost:8009/callback"])
    assert sam.authorize(redirect_uri="http://localhost:8010/callback").status_code == 400
