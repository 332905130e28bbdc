"""Signing in with a temporary access pass: a first factor, and no way past verification (V6, V10)."""

import pytest

from entra.directory.methods.one_time_codes import current_code
from entra.directory.methods.temporary_pass import issue_pass
from entra.directory.models import AuthenticatorApp, TemporaryAccessPass
from entra.policy.models import AuthenticationPolicy
from entra.signin.models import AuthenticationEvent
from tests.entra.pages.conftest import code_of

NAME = "john@fabrikam.example"


@pytest.fixture
def typed_pass(john):
    return issue_pass(account=john, actor="an administrator")[1]


def methods():
    return list(AuthenticationEvent.objects.values_list("method", flat=True))


def test_the_pass_signs_in_where_the_password_would(visitor, typed_pass):
    visitor.begin().type_name(NAME)
    assert "Or the temporary access pass that your administrator gave you." in visitor.text
    visitor.type_password(typed_pass)
    assert visitor.answered
    assert methods() == ["temporaryAccessPass"]


@pytest.mark.requirement("V10")
def test_with_it_somebody_without_a_password_registers_a_first_method(visitor, john, typed_pass):
    john.set_unusable_password()
    john.save()
    visitor.need_mfa().type_name(NAME).type_password(typed_pass)
    assert "More information required" in visitor.text
    visitor.send("register_method", method="authenticatorApp")
    visitor.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))
    visitor.send("register_done")
    assert visitor.answered
    assert methods() == ["temporaryAccessPass", "authenticatorApp"]


@pytest.mark.requirement("V6")
def test_the_pass_alone_is_no_multifactor_authentication(visitor, john, typed_pass, app_of, clock):
    app = app_of(john)
    visitor.need_mfa().type_name(NAME).type_password(typed_pass)
    assert "Verify your identity" in visitor.text
    for page in ("register", "register_method", "register_set_up"):
        assert "Verify your identity" in visitor.open(page).text
    visitor.send("verify", method="authenticatorApp", code=code_of(app, clock))
    assert visitor.answered


@pytest.mark.requirement("V4")
def test_where_no_method_is_allowed_the_pass_registers_none(visitor, typed_pass):
    AuthenticationPolicy.objects.create(tenant=visitor.tenant, allowed_methods=[])
    visitor.need_mfa().type_name(NAME).type_password(typed_pass)
    assert visitor.answered  # with an error: nothing was asked, nothing proven
    assert methods() == ["temporaryAccessPass"]
    assert "AADSTS50079" in visitor.text


def test_a_used_pass_and_a_wrong_one_get_the_message_of_a_wrong_password(visitor, typed_pass, client):
    visitor.begin().type_name(NAME).type_password(typed_pass)
    client.cookies.clear()
    for wrong in (typed_pass, "ABCD-EFGH-JKLM"):
        visitor.begin().type_name(NAME).type_password(wrong)
        assert "Your account or password is incorrect." in visitor.text


def test_guesses_at_a_pass_are_counted_with_those_at_the_password(visitor, typed_pass):
    visitor.begin().type_name(NAME)
    for _ in range(10):
        visitor.type_password("ABCD-EFGH-JKLM")
    visitor.type_password(typed_pass)
    assert "Too many wrong attempts." in visitor.text
    assert TemporaryAccessPass.objects.get().used_at is None


def test_a_disabled_account_does_not_get_in_with_a_pass(visitor, john, typed_pass):
    john.account_enabled = False
    john.save()
    visitor.begin().type_name(NAME).type_password(typed_pass)
    assert "AADSTS50057" in visitor.text
    assert methods() == []
