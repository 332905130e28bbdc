"""Who gets into the admin center: like any client by a code, with MFA, by a role that the directory holds now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from activity.models import AuditRecord
from entra.admincenter.client import provider
from entra.admincenter.client.registration import CLIENT_ID
from entra.admincenter.models import AdminSession, AuthorizeRequest
from entra.apps.models import Application
from entra.directory.administration.roles import assign_role, remove_role
from entra.directory.models import DirectoryRole, Tenant, User
from entra.oauth.revocation import revoke_sessions
from entra.signin.method import Method
from entra.signin.models import ProviderSession, SignIn
from secretstore.certificates import create_certificate
from tests.entra.admincenter.conftest import FABRIKAM, MFA, Admin, Loopback, asked
from tests.entra.conftest import make_user

STRANGER = create_certificate(common_name="stranger").key_pem
Enter = Callable[..., Admin]


def test_without_a_session_the_browser_is_sent_to_sign_in_with_mfa_and_pkce(client: Client, grace: User) -> None:
    request = asked(client.get("/admin"))
    assert request["client_id"] == CLIENT_ID
    assert request["redirect_uri"] == "http://localhost:8001/admin/signed-in"
    assert request["code_challenge_method"] == "S256"
    assert request["claims"] == {"id_token": {"amr": {"essential": True, "values": ["mfa"]}}}
    assert {"state", "nonce"} <= request.keys()


def test_a_session_at_the_provider_is_no_shortcut(client: Client, grace: User, sign_in: Callable[..., None]) -> None:
    sign_in(client, grace, *MFA)
    assert client.get("/admin").status_code == 303
    assert not AdminSession.objects.exists()


def test_an_administrator_who_verified_comes_in_and_is_named(admin: Admin) -> None:
    page = admin.text()
    assert "Grace Example" in page
    assert "Fabrikam" in page
    assert "Global Administrator" in page
    assert SignIn.objects.filter(application_name="Admin center", result="success").exists()
    assert AuditRecord.objects.filter(action="adminCenter.signedIn", actor=str(admin.account.pk)).exists()


def test_a_security_administrator_comes_in_too(enter: Enter, svetlana: User) -> None:
    assert "Security Administrator" in enter(svetlana).text()


def test_a_password_alone_is_asked_for_more(client: Client, grace: User, sign_in: Callable[..., None]) -> None:
    sign_in(client, grace, Method.PASSWORD)
    response = client.get("/admin", follow=True)
    assert response.redirect_chain[-1][0].endswith("/verify")
    assert not AdminSession.objects.exists()


def test_nobody_else_comes_in(client: Client, john: User, sign_in: Callable[..., None]) -> None:
    john.role_assignments.create(role=DirectoryRole.BILLING_ADMINISTRATOR)
    sign_in(client, john, *MFA)
    response = client.get("/admin", follow=True)
    assert response.status_code == 403
    page = response.content.decode()
    assert "Billing Administrator" in page
    assert "Security Administrator" in page


def test_the_role_is_read_on_every_request(admin: Admin, fabrikam: Tenant) -> None:
    other = make_user(fabrikam, "other")
    assign_role(account=other, role=DirectoryRole.GLOBAL_ADMINISTRATOR, actor="test")
    remove_role(account=admin.account, role=DirectoryRole.GLOBAL_ADMINISTRATOR, actor="test")
    assert admin.get().status_code == 403
    assign_role(account=admin.account, role=DirectoryRole.SECURITY_ADMINISTRATOR, actor="test")
    assert admin.get().status_code == 200


@pytest.mark.parametrize(
    "ended",
    [
        lambda who: revoke_sessions(account=who, actor="test"),
        lambda who: User.objects.filter(pk=who.pk).update(sessions_valid_from=timezone.now() + timedelta(seconds=1)),
        lambda who: User.objects.filter(pk=who.pk).update(account_enabled=False),
        lambda who: ProviderSession.objects.update(ended_at=timezone.now()),
        lambda who: ProviderSession.objects.update(expires_at=timezone.now()),
        lambda who: AdminSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=61)),
        lambda who: AdminSession.objects.update(expires_at=timezone.now()),
    ],
    ids=["revoked", "voided", "disabled", "signed out at the provider", "provider's 24 hours", "idle", "12 hours"],
)
def test_a_session_ends_with_what_it_rests_on(admin: Admin, ended: Callable[[User], Any]) -> None:
    assert admin.get().status_code == 200
    ended(admin.account)
    asked(admin.get(), at=FABRIKAM)


def test_an_answer_nobody_asked_for_opens_nothing(client: Client, grace: User, sign_in: Callable[..., None]) -> None:
    sign_in(client, grace, *MFA)
    at_provider = client.get(client.get("/admin")["Location"])
    other = Client()
    assert other.get(at_provider["Location"]).status_code == 400  # another browser
    assert client.get("/admin/signed-in?state=unknown&code=x").status_code == 400
    assert client.get(at_provider["Location"]).status_code == 303
    assert client.get(at_provider["Location"]).status_code == 400  # a second time
    assert AdminSession.objects.count() == 1


def claims(**changes: Any) -> Any:
    return lambda claims: {name: value for name, value in (claims | changes).items() if value is not None}


@pytest.mark.parametrize(
    "forged",
    [
        claims(aud="10000000-0000-4000-8000-000000000001"),
        claims(aud=[CLIENT_ID, "10000000-0000-4000-8000-000000000001"]),
        claims(iss="http://localhost:8001/c0000000-0000-4000-8000-000000000009/"),
        claims(iss="https://elsewhere.example/"),
        claims(nonce="another"),
        claims(nonce=None),
        claims(exp=1),
        claims(amr=["pwd"]),
        claims(amr=None),
        claims(amr="mfa"),
        claims(tid=None),
        claims(oid="nobody"),
        claims(auth_time=None),
    ],
)
def test_an_id_token_that_is_wrong_in_anything_opens_nothing(
    client: Client, grace: User, sign_in: Callable[..., None], monkeypatch: pytest.MonkeyPatch, forged: Any
) -> None:
    from entra.oauth import tokens

    real = tokens.sign
    sign_in(client, grace, *MFA)
    monkeypatch.setattr(tokens, "sign", lambda said: real(forged(said) if said["aud"] == CLIENT_ID else said))
    assert client.get("/admin", follow=True).status_code == 403
    assert not AdminSession.objects.exists()


@pytest.mark.parametrize(("algorithm", "key"), [("none", ""), ("HS256", "k" * 32), ("RS256", STRANGER)])
def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    client: Client, grace: User, sign_in: Callable[..., None], monkeypatch: pytest.MonkeyPatch, algorithm: str, key: str
) -> None:
    redeem = provider.redeem

    def weakened(**given: str) -> str:
        raw = redeem(**given)
        kid = jwt.get_unverified_header(raw)["kid"]
        said = jwt.decode(raw, options={"verify_signature": False})
        return jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid})

    sign_in(client, grace, *MFA)
    monkeypatch.setattr(provider, "redeem", weakened)
    assert client.get("/admin", follow=True).status_code == 403
    assert not AdminSession.objects.exists()


def test_tenants_whose_newer_tokens_say_nothing_of_mfa_are_administered_too(enter: Enter, grace: User) -> None:
    Tenant.objects.filter(pk=grace.tenant_id).update(strict_entra_tokens=True)
    assert "Grace Example" in enter(grace).text()


def test_a_provider_that_does_not_answer_is_said(client: Client, grace: User, loopback: Loopback) -> None:
    loopback.down = True
    response = client.get("/admin")
    assert response.status_code == 503
    assert "does not answer" in response.content.decode()


def test_a_refused_verification_is_explained_with_its_code_only(client: Client, grace: User) -> None:
    state = asked(client.get("/admin"))["state"]
    answer = {"state": state, "error": "access_denied", "error_description": "AADSTS50079: <b>anything</b>"}
    response = client.get("/admin/signed-in", answer)
    assert response.status_code == 403
    assert "AADSTS50079" in response.content.decode()
    assert "anything" not in response.content.decode()


def test_signing_out_ends_both_sessions(admin: Admin) -> None:
    response = admin.client.post("/admin/sign-out", follow=True)
    assert response.redirect_chain[-1][0] == "http://localhost:8001/admin/signed-out"
    assert AdminSession.objects.get().ended_at is not None
    assert ProviderSession.objects.get().ended_at is not None
    asked(admin.get())


def test_the_key_changes_at_a_sign_in(admin: Admin) -> None:
    before = admin.client.cookies["entra_admin"].value
    AdminSession.objects.update(expires_at=timezone.now())
    admin.client.get("/admin", follow=True)
    assert admin.client.cookies["entra_admin"].value != before


def test_the_way_back_stays_inside(client: Client, grace: User, sign_in: Callable[..., None]) -> None:
    sign_in(client, grace, *MFA)
    start = client.get("/admin?a=b")
    AuthorizeRequest.objects.update(next="//elsewhere.example/admin")
    answer = client.get(client.get(start["Location"])["Location"])
    assert answer["Location"] == "/admin"


def test_the_application_is_made_when_it_is_needed_and_once(client: Client, grace: User) -> None:
    assert not Application.objects.filter(pk=CLIENT_ID).exists()
    client.get("/admin")
    client.get("/admin")
    made = Application.objects.get(pk=CLIENT_ID)
    assert (made.public, made.require_pkce, made.secrets.count()) == (False, True, 1)


def test_an_installation_without_an_organization_has_nothing_to_administer(client: Client, db: None) -> None:
    assert client.get("/admin").status_code == 404


def test_administrators_find_the_way_from_their_security_info(
    client: Client, grace: User, john: User, sign_in: Callable[..., None]
) -> None:
    for account, shown in ((grace, True), (john, False)):
        sign_in(client, account, *MFA)
        assert ('href="/admin"' in client.get("/mysecurityinfo").content.decode()) is shown
