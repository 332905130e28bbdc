from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest

from activity.models import AuditRecord
from entra.directory.methods import has_method, usable_methods
from entra.directory.methods.one_time_codes import current_code
from entra.directory.methods.recovery import issue_recovery_codes
from entra.directory.models import AuthenticatorApp
from entra.signin.models import ProviderSession
from entra.signin.security_info import CLIENT_ID
from tests.entra.pages.conftest import code_of
from tests.posted import posted

HOME = "/mysecurityinfo"


@pytest.fixture
def phone(john, app_of):
    return app_of(john)


@pytest.fixture
def verified(visitor, john, phone, clock):
    """John has signed in with his app."""
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert visitor.send("verify", method="authenticatorApp", code=code_of(phone, clock)).answered
    return visitor.client


def asked_for(response) -> dict[str, list[str]]:
    """The authorize request that the answer leads to; nothing if it leads elsewhere."""
    assert response.status_code == HTTPStatus.SEE_OTHER
    parts = urlsplit(response["Location"])
    assert parts.path == "/organizations/oauth2/v2.0/authorize"
    return parse_qs(parts.query)


def test_nobody_sees_it_without_signing_in(client, fabrikam):
    asked = asked_for(client.get(HOME))
    assert asked["client_id"] == [CLIENT_ID]
    assert '"mfa"' in asked["claims"][0]


def test_before_there_is_an_organization_there_is_no_such_page(client, db):
    assert client.get(HOME).status_code == HTTPStatus.NOT_FOUND


def test_a_password_alone_does_not_open_it(visitor, john, phone):
    visitor.begin().type_name("john@fabrikam.example").type_password()
    assert asked_for(visitor.client.get(HOME))["login_hint"] == ["john@fabrikam.example"]


def test_the_whole_way_in_goes_over_the_authorization_endpoint(visitor, john, phone, clock):
    client = visitor.client
    steps = client.get(HOME, follow=True)
    page = steps.redirect_chain[-1][0]
    assert page.endswith("/identify")
    password = client.post(page, {"sign_in_name": "john@fabrikam.example"})["Location"]
    verify = client.get(client.post(password, {"password": "Partner!2026demo"})["Location"]).request["PATH_INFO"]
    done = client.post(verify, {"method": "authenticatorApp", "code": code_of(phone, clock)}, follow=True)
    address = done.content.decode().split("url=")[1].split('"')[0].replace("&amp;", "&")
    assert "/mysecurityinfo/signed-in?code=" in address
    back = urlsplit(address)
    shown = client.get(f"{back.path}?{back.query}", follow=True)
    assert "Ways to verify your identity" in shown.content.decode()


def test_it_lists_methods_sessions_and_sign_ins(verified):
    text = verified.get(HOME).content.decode()
    for expected in ("Authenticator app", "This browser", "Recent sign-ins", "127.0.0.1"):
        assert expected in text


def test_a_change_needs_a_verification_within_15_minutes(verified, phone, clock):
    assert verified.get(f"{HOME}/add").status_code == HTTPStatus.OK
    clock.shift(timedelta(minutes=16))
    assert verified.get(HOME).status_code == HTTPStatus.OK
    asked = asked_for(verified.get(f"{HOME}/add"))
    assert (asked["max_age"], asked["state"]) == (["840"], ["add"])
    asked_for(verified.post(f"{HOME}/remove/{phone.pk}"))
    asked_for(verified.post(f"{HOME}/add", {"method": "authenticatorApp"}))
    asked_for(verified.post(f"{HOME}/recovery-codes"))
    assert AuthenticatorApp.objects.get().pk == phone.pk


def test_adding_a_method_is_proven_mailed_and_audited(verified, john):
    verified.post(f"{HOME}/add", {"method": "authenticatorApp"})
    draft = AuthenticatorApp.objects.get(confirmed=False)
    assert verified.post(f"{HOME}/add/set-up", {"code": "12345"}).status_code == HTTPStatus.OK
    response = verified.post(f"{HOME}/add/set-up", {"code": current_code(draft)})
    assert response["Location"] == HOME
    assert john.authenticator_apps.filter(confirmed=True).count() == 2
    assert posted()[0].subject == "Your security info was changed"
    assert AuditRecord.objects.get().action == "method.added"


def test_removing_a_method_is_confirmed_first(verified, john, phone):
    assert "Remove this method?" in verified.get(f"{HOME}/remove/{phone.pk}").content.decode()
    assert has_method(john)
    verified.post(f"{HOME}/remove/{phone.pk}")
    assert not has_method(john)
    assert "was removed" in posted()[0].body


def test_another_persons_method_is_not_found(verified, make_user, app_of):
    foreign = app_of(make_user("mary"))
    assert verified.post(f"{HOME}/remove/{foreign.pk}").status_code == HTTPStatus.NOT_FOUND


def test_a_recovery_code_lets_one_add_a_method_but_not_remove_one(visitor, john, phone):
    code = issue_recovery_codes(account=john)[0]
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    visitor.send("verify", method="recoveryCode", code=code)
    client = visitor.client
    client.post(f"{HOME}/remove/{phone.pk}")
    assert has_method(john)
    client.post(f"{HOME}/add", {"method": "authenticatorApp"})
    client.post(f"{HOME}/add/set-up", {"code": current_code(AuthenticatorApp.objects.get(confirmed=False))})
    client.post(f"{HOME}/remove/{phone.pk}")
    assert list(john.authenticator_apps.values_list("pk", flat=True)) != [phone.pk]
    assert not john.authenticator_apps.filter(pk=phone.pk).exists()


def test_new_recovery_codes_are_in_the_answer_and_nowhere_else(verified, john):
    old = issue_recovery_codes(account=john)[0]
    text = verified.post(f"{HOME}/recovery-codes").content.decode()
    assert "only this once" in text
    assert old not in text
    assert "recoveryCode" in usable_methods(john)


def test_another_browser_can_be_signed_out(verified, john, clock):
    other = ProviderSession.objects.create(
        key_hash="x", account=john, created_at="2026-03-02T08:00Z", expires_at="2026-03-03T08:00Z"
    )
    verified.post(f"{HOME}/sessions/{other.pk}/end")
    other.refresh_from_db()
    assert other.ended_at is not None
    assert verified.get(HOME).status_code == HTTPStatus.OK


def test_another_persons_session_is_not_found(verified, make_user):
    other = ProviderSession.objects.create(
        key_hash="y", account=make_user("mary"), created_at="2026-03-02T08:00Z", expires_at="2026-03-03T08:00Z"
    )
    assert verified.post(f"{HOME}/sessions/{other.pk}/end").status_code == HTTPStatus.NOT_FOUND


def test_a_failed_sign_in_ends_on_a_page_and_not_in_a_loop(client, fabrikam):
    response = client.get(f"{HOME}/signed-in?error=access_denied&error_description=AADSTS50158:+call+0123")
    assert response.status_code == HTTPStatus.FORBIDDEN
    text = response.content.decode()
    assert "AADSTS50158" in text
    assert "call 0123" not in text


def test_the_way_back_leads_to_own_pages_only(verified):
    assert verified.get(f"{HOME}/signed-in?code=x&state=//evil.example")["Location"] == HOME
    assert verified.get(f"{HOME}/signed-in?code=x&state=add")["Location"] == f"{HOME}/add"
