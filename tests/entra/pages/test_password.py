import re
from datetime import timedelta
from http import HTTPStatus

import pytest

from entra.directory.models import Domain, DomainAuthentication, Tenant, User
from entra.oauth.models import AuthorizationCode
from entra.policy.evaluate import Grant
from entra.policy.models import ConditionalAccessPolicy
from entra.signin.models import AuthenticationEvent
from tests.entra.pages.conftest import CALLBACK, PASSWORD


def test_name_and_password_lead_to_the_answer(visitor, john):
    visitor.begin()
    assert "Sign in" in visitor.text
    visitor.type_name(" John@Fabrikam.example ")
    assert "Enter password" in visitor.text
    assert "john@fabrikam.example" in visitor.text
    visitor.type_password()
    assert visitor.answered
    assert list(AuthenticationEvent.objects.values_list("method", flat=True)) == ["password"]


def test_the_session_key_is_replaced_by_signing_in(visitor, john, client, settings):
    visitor.begin().type_name("john@fabrikam.example")
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.type_password()
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


def masked(response) -> str:
    token = response.context["csrf_token"]
    return response.content.decode().replace(str(token), "TOKEN")


@pytest.mark.parametrize("attempts", [1, 11])
def test_known_and_unknown_names_get_the_same_answers(visitor, john, attempts):
    answers = []
    for name in ("john", "gost"):
        visitor.begin().type_name(f"{name}@fabrikam.example")
        for _ in range(attempts):
            visitor.type_password("wrong")
        body = masked(visitor.response).replace(name, "N").replace(visitor.interaction.pk, "I")
        answers.append((visitor.response.status_code, body))
    assert answers[0] == answers[1]


def test_a_name_in_a_login_hint_gives_nothing_away_either(visitor, john):
    answers = []
    for name in ("john", "gost"):
        visitor.begin(login_hint=f"{name}@fabrikam.example")
        hop = visitor.client.get(visitor.url("step"))["Location"]
        answers.append(
            (
                hop.replace(visitor.interaction.pk, "I"),
                masked(visitor.response).replace(name, "N").replace(visitor.interaction.pk, "I"),
            )
        )
    assert answers[0] == answers[1]
    assert "Enter password" in answers[0][1]


def test_a_disabled_account_is_told_so_only_after_the_right_password(visitor, make_user):
    make_user("dora", account_enabled=False)
    visitor.begin().type_name("dora@fabrikam.example").type_password("wrong")
    assert "AADSTS50057" not in visitor.text
    assert "Your account or password is incorrect." in visitor.text
    visitor.type_password()
    assert "AADSTS50057" in visitor.text
    assert not AuthenticationEvent.objects.exists()


def test_too_many_wrong_passwords_make_the_right_one_wait(visitor, john, clock):
    visitor.begin().type_name("john@fabrikam.example")
    for _ in range(10):
        visitor.type_password("wrong")
    visitor.type_password()
    assert "Too many wrong attempts. Try again in 1 minute." in visitor.text
    clock.shift(timedelta(minutes=2))
    assert visitor.type_password().answered


def test_an_unknown_domain_is_said_to_be_unknown(visitor):
    visitor.begin().type_name("john@elsewhere.example")
    assert "No organization here uses that domain" in visitor.text


@pytest.mark.requirement("V2")
def test_a_federated_domain_goes_to_its_own_provider_without_asking_a_password(visitor, fabrikam, client):
    Domain.objects.create(name="fed.example", tenant=fabrikam, authentication=DomainAuthentication.FEDERATED)
    visitor.begin()
    response = client.post(visitor.url("identify"), {"sign_in_name": "petra@fed.example"})
    assert response["Location"] == visitor.url("federate")


def test_cancel_goes_to_the_answer_with_an_error(visitor, john):
    visitor.begin().send("cancel", step="identify")
    assert visitor.answered
    assert "error=access_denied" in visitor.text
    assert "AADSTS65004" in visitor.text


def test_a_signed_in_account_can_be_picked_or_another_one_used(visitor, john, make_user):
    make_user("mary")
    visitor.begin().type_name("john@fabrikam.example").type_password()
    visitor.begin(prompt=frozenset({"select_account"}))
    assert "Pick an account" in visitor.text
    visitor.send("select", account="another")
    assert "Email address" in visitor.text
    visitor.type_name("mary@fabrikam.example").type_password()
    assert visitor.answered
    visitor.begin(prompt=frozenset({"select_account"}))
    assert "mary@fabrikam.example" in visitor.text
    assert visitor.send("select", account=str(AuthenticationEvent.objects.last().account_id)).answered


def test_the_password_page_cannot_be_entered_before_a_name_is_known(visitor):
    visitor.begin().open("password")
    assert "Email address" in visitor.text


@pytest.mark.parametrize("page", ["step", "identify", "password", "register", "verify", "consent", "register_done"])
def test_another_browsers_sign_in_is_explained_not_entered(visitor, john, page):
    visitor.begin()
    visitor.client.cookies.clear()
    visitor.open(page)
    assert visitor.response.status_code == HTTPStatus.NOT_FOUND
    assert "Go back to the application" in visitor.text


def test_an_expired_sign_in_says_what_to_do(visitor, john, clock):
    visitor.begin()
    clock.shift(timedelta(hours=2))
    visitor.type_name("john@fabrikam.example")
    assert visitor.response.status_code == HTTPStatus.NOT_FOUND
    assert "AADSTS50089" in visitor.text


def test_back_after_the_password_leads_on_and_not_to_the_password_again(visitor, john):
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert "More information required" in visitor.open("password").text
    assert "no-store" in visitor.response["Cache-Control"]


def test_back_after_the_answer_finds_nothing_more_to_answer(visitor, john):
    visitor.begin().type_name("john@fabrikam.example").type_password()
    for page in ("step", "password"):
        assert visitor.open(page).response.status_code == HTTPStatus.NOT_FOUND
    assert visitor.type_password().response.status_code == HTTPStatus.NOT_FOUND
    assert AuthorizationCode.objects.count() == 1


def test_the_form_that_was_the_last_one_is_followed_by_a_page_of_this_origin_that_goes_on(visitor, john):
    """Browsers check redirects after a form against form-action, which names this origin only."""
    visitor.begin().type_name("john@fabrikam.example").type_password()
    assert visitor.response.status_code == HTTPStatus.OK
    assert "form-action 'self'" in visitor.response["Content-Security-Policy"]
    assert visitor.response["Cache-Control"] == "no-store"
    assert re.search(rf'http-equiv="refresh" content="0; url={re.escape(CALLBACK)}\?code=[\w-]+&', visitor.text)


def test_an_answer_that_stays_on_the_screen_has_an_address_of_its_own(visitor, john):
    visitor.begin(response_mode="form_post").type_name("john@fabrikam.example").type_password()
    assert visitor.response["Location"] == f"/signin/{visitor.interaction.pk}/resume"


@pytest.mark.parametrize("page", ["step", "password"])
def test_looking_at_a_page_hands_out_nothing(visitor, john, page):
    visitor.begin().type_name("john@fabrikam.example")
    visitor.client.post(visitor.url("password"), {"password": PASSWORD})
    visitor.begin(login_hint="john@fabrikam.example")
    assert visitor.open(page).response["Location"] == f"/signin/{visitor.interaction.pk}/resume"
    assert AuthorizationCode.objects.count() == 1


def test_a_policy_made_while_the_page_was_open_is_weighed_before_the_answer(visitor, john, fabrikam):
    visitor.begin().type_name("john@fabrikam.example")
    ConditionalAccessPolicy.objects.create(
        tenant=fabrikam, name="Nobody", grant=Grant.BLOCK, include_users=["all"], include_applications=["all"]
    )
    visitor.type_password()
    assert "AADSTS53003" in visitor.text
    assert not AuthorizationCode.objects.exists()


def test_a_form_without_its_csrf_token_is_refused(visitor, john):
    visitor.begin()
    visitor.client.handler.enforce_csrf_checks = True
    visitor.client.post(visitor.url("password"), {"password": PASSWORD})
    response = visitor.client.post(visitor.url("identify"), {"sign_in_name": "john@fabrikam.example"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "send the form again" in response.content.decode()


def test_a_hinted_account_of_another_organization_is_told_apart_only_by_its_password(visitor, john):
    elsewhere = Tenant.objects.create(display_name="Proseware")
    Domain.objects.create(name="proseware.example", tenant=elsewhere)
    olga = User(tenant=elsewhere, user_principal_name="olga@proseware.example", display_name="Olga")
    olga.set_password(PASSWORD)
    olga.save()
    visitor.begin(login_hint="olga@proseware.example")
    assert "Enter password" in visitor.text
    visitor.type_password()
    assert visitor.answered
    assert "AADSTS50020" in visitor.text
