from datetime import timedelta

import pytest

from activity.models import AuditRecord
from entra.directory.methods import MethodKind, TooManyGuesses, has_method, usable_methods, verify_code, verify_password
from entra.directory.methods.authenticator import confirm_authenticator, provisioning_uri, start_authenticator
from entra.directory.methods.one_time_codes import current_code, seal_seed
from entra.directory.models import AuthenticatorApp
from tests.posted import posted

APP = MethodKind.AUTHENTICATOR_APP
IP = "203.0.113.9"


@pytest.fixture
def app(john, clock):
    made = start_authenticator(account=john, name="Phone")
    assert confirm_authenticator(app=made, code=current_code(made))
    clock.shift(timedelta(minutes=2))
    made.refresh_from_db()
    return made


@pytest.mark.requirement("V11")
def test_code_matches_the_published_vector_of_rfc_6238(john, clock):
    app = AuthenticatorApp(account=john, name="Vector", seed_sealed=seal_seed(b"12345678901234567890"), digits=8)
    clock.move_to(1111111109, tick=False)
    assert current_code(app) == "07081804"


@pytest.mark.requirement("V10")
def test_an_unconfirmed_app_never_counts(john, clock):
    app = start_authenticator(account=john, name="Phone")
    assert usable_methods(john) == ()
    assert not has_method(john)
    assert not verify_code(account=john, kind=APP, code=current_code(app), ip=IP)


def test_a_wrong_code_does_not_confirm(john, clock):
    app = start_authenticator(account=john, name="Phone")
    assert not confirm_authenticator(app=app, code="000000" if current_code(app) != "000000" else "111111")
    assert not has_method(john)


def test_starting_again_drops_the_earlier_draft(john, clock):
    first = start_authenticator(account=john, name="Phone")
    start_authenticator(account=john, name="Phone")
    assert not AuthenticatorApp.objects.filter(pk=first.pk).exists()


def test_a_confirmed_app_verifies(john, app):
    assert usable_methods(john) == (APP,)
    assert verify_code(account=john, kind=APP, code=current_code(app), ip=IP)


def test_a_replayed_code_is_refused(john, app):
    code = current_code(app)
    assert verify_code(account=john, kind=APP, code=code, ip=IP)
    assert not verify_code(account=john, kind=APP, code=code, ip=IP)


def test_the_code_that_confirmed_the_app_is_not_taken_again(john, clock):
    app = start_authenticator(account=john, name="Phone")
    code = current_code(app)
    assert confirm_authenticator(app=app, code=code)
    assert not verify_code(account=john, kind=APP, code=code, ip=IP)


@pytest.mark.parametrize(("late", "taken"), [(30, True), (61, False)])
def test_a_code_is_taken_one_step_late_and_no_later(john, app, clock, late, taken):
    code = current_code(app)
    clock.shift(timedelta(seconds=late))
    assert verify_code(account=john, kind=APP, code=code, ip=IP) is taken


def test_spaces_in_a_pasted_code_are_ignored(john, app):
    code = current_code(app)
    assert verify_code(account=john, kind=APP, code=f" {code[:3]} {code[3:]} ", ip=IP)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "-12345", "１２３４５６"])
def test_what_is_no_code_is_refused(john, app, code):
    assert not verify_code(account=john, kind=APP, code=code, ip=IP)


def test_another_accounts_code_is_refused(john, olga, app):
    assert not verify_code(account=olga, kind=APP, code=current_code(app), ip=IP)


def test_after_five_wrong_codes_even_the_right_one_has_to_wait(john, app, clock):
    for _ in range(5):
        verify_code(account=john, kind=APP, code="12345", ip=IP)
    with pytest.raises(TooManyGuesses):
        verify_code(account=john, kind=APP, code=current_code(app), ip=IP)
    clock.shift(timedelta(seconds=31))
    assert verify_code(account=john, kind=APP, code=current_code(app), ip=IP)


def test_the_wait_doubles_with_each_further_wrong_code(john, app, clock):
    for _ in range(5):
        verify_code(account=john, kind=APP, code="12345", ip=IP)
    clock.shift(timedelta(seconds=31))
    verify_code(account=john, kind=APP, code="12345", ip=IP)
    clock.shift(timedelta(seconds=31))
    with pytest.raises(TooManyGuesses):
        verify_code(account=john, kind=APP, code=current_code(app), ip=IP)


def test_one_address_cannot_guess_at_many_accounts(olga, clock):
    for number in range(100):
        assert not verify_password(account=None, sign_in_name=f"user{number}@x.example", password="guess", ip=IP)
    with pytest.raises(TooManyGuesses):
        verify_code(account=olga, kind=APP, code="12345", ip=IP)


def test_the_seed_is_not_readable_in_the_database(app):
    secret = provisioning_uri(app, issuer="Fabrikam").split("secret=")[1].split("&")[0]
    assert secret not in app.seed_sealed


def test_the_qr_code_names_the_account_and_the_organization(app):
    uri = provisioning_uri(app, issuer="Fabrikam")
    assert uri.startswith("otpauth://totp/Fabrikam%3Ajohn%40fabrikam.example?secret=")
    assert "issuer=Fabrikam&digits=6&period=30" in uri


def test_adding_an_app_is_mailed_and_audited(john, clock):
    app = start_authenticator(account=john, name="Phone")
    confirm_authenticator(app=app, code=current_code(app))
    assert posted()[0].to == ["john@fabrikam.example"]
    assert "Phone" in posted()[0].body
    record = AuditRecord.objects.get()
    assert (record.action, record.subject) == ("method.added", str(john.pk))
