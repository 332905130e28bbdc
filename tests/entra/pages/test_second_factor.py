import html
import re
from datetime import timedelta
from http import HTTPStatus

import pytest

from entra.directory.methods import MethodKind, has_method, usable_methods
from entra.directory.methods.one_time_codes import current_code
from entra.directory.methods.recovery import codes_left, issue_recovery_codes
from entra.directory.models import AuthenticatorApp, HardwareToken
from entra.policy.models import AuthenticationPolicy
from entra.signin.models import AuthenticationEvent
from entra.signin.request import Prompt
from tests.entra.methods.software_key import SoftwareKey
from tests.entra.pages.conftest import PASSWORD, Visitor, code_of


@pytest.fixture
def entered(visitor, john):
    """John has given his password where MFA is essential."""
    visitor.need_mfa().type_name("john@fabrikam.example")
    return visitor.type_password()


def methods() -> list[str]:
    return list(AuthenticationEvent.objects.values_list("method", flat=True))


def options_in(text: str) -> str:
    return html.unescape(re.search(r'data-options="([^"]*)"', text)[1])


@pytest.mark.requirement("V3", "V10")
def test_registration_leads_over_next_and_a_choice_of_method_to_a_proof(entered, john):
    assert "More information required" in entered.text
    assert "Next" in entered.text
    entered.open("register_method")
    assert "How would you like to verify?" in entered.text
    entered.send("register_method", method="authenticatorApp")
    assert re.search(r'class="qr"><svg[^>]* viewBox=', entered.text)  # scales to its frame, is not cut off
    assert not has_method(john)
    entered.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))
    assert "recovery codes" in entered.text
    assert methods() == ["password", "authenticatorApp"]
    assert entered.send("register_done").answered


@pytest.mark.requirement("V11")
def test_the_choice_has_a_method_for_workplaces_without_phones(entered):
    entered.open("register_method")
    assert "Security key or passkey" in entered.text
    assert "Hardware token" in entered.text
    assert "recoveryCode" not in entered.text


def test_a_wrong_code_registers_nothing(entered, john):
    entered.send("register_method", method="authenticatorApp").send("register_set_up", code="12345")
    assert "isn&#x27;t right" in entered.text
    assert usable_methods(john) == ()
    assert methods() == ["password"]


def test_the_set_up_page_keeps_its_key_when_it_is_loaded_again(entered):
    entered.send("register_method", method="authenticatorApp")
    first = AuthenticatorApp.objects.get().pk
    entered.open("register_set_up")
    assert AuthenticatorApp.objects.get().pk == first


def test_recovery_codes_are_readable_until_continue_and_never_again(entered, john):
    entered.send("register_method", method="authenticatorApp")
    entered.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))
    code = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){5}", entered.text)[0]
    assert code in entered.open("register_done").text
    assert entered.send("register_done").answered
    assert code not in entered.text
    assert entered.open("register_done").response.status_code == HTTPStatus.NOT_FOUND
    assert code not in entered.text
    assert codes_left(john) == 10


def test_recovery_codes_are_shown_to_somebody_who_was_signed_in_before(visitor, john):
    """A step-up takes the account from the session; nobody chooses one in it."""
    visitor.begin().type_name("john@fabrikam.example").type_password()
    visitor.begin(essential_amr=("mfa",), login_hint="john@fabrikam.example")
    visitor.send("register_method", method="authenticatorApp")
    visitor.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))
    assert re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){5}", visitor.text)


def test_recovery_codes_left_open_are_not_shown_to_the_next_person_at_the_browser(entered, john, make_user, fabrikam):
    """ASVS 6.5.2: they are a second factor of the first one."""
    entered.send("register_method", method="authenticatorApp")
    entered.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))
    make_user("olga")
    Visitor(entered.client, fabrikam).begin(prompt=frozenset({Prompt.LOGIN}), login_hint="olga@fabrikam.example").send(
        "password", password=PASSWORD
    )
    entered.open("register_done")
    assert not re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){5}", entered.text)
    entered.interaction.refresh_from_db()
    assert not entered.interaction.state["fresh_codes"]


@pytest.mark.requirement("V5")
def test_registration_does_not_turn_mfa_on_for_later_sign_ins(entered, clock):
    entered.send("register_method", method="authenticatorApp")
    entered.send("register_set_up", code=current_code(AuthenticatorApp.objects.get()))
    entered.send("register_done")
    clock.shift(timedelta(days=1, hours=1))
    entered.begin().type_name("john@fabrikam.example")
    assert entered.type_password().answered
    assert methods()[2:] == ["password"]


@pytest.mark.requirement("V3")
def test_another_day_the_step_up_asks_for_verification_only(visitor, john, app_of, clock):
    app = app_of(john)
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert "Verify your identity" in visitor.text
    assert 'autocomplete="one-time-code"' in visitor.text
    assert visitor.send("verify", method="authenticatorApp", code=code_of(app, clock)).answered
    assert methods() == ["password", "authenticatorApp"]


def test_a_registered_account_cannot_be_given_another_method_on_a_password_alone(visitor, john, app_of):
    app_of(john)
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    for page in ("register", "register_method", "register_set_up"):
        assert "Verify your identity" in visitor.open(page).text
    visitor.send("register_method", method="authenticatorApp")
    assert "Verify your identity" in visitor.text
    assert AuthenticatorApp.objects.count() == 1


def test_nor_when_the_organization_no_longer_allows_the_method_it_has(visitor, john, app_of, fabrikam):
    app_of(john)
    AuthenticationPolicy.objects.create(tenant=fabrikam, allowed_methods=["securityKey"])
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert "Another method is needed" in visitor.text
    visitor.send("register_method", method="securityKey")
    assert "Another method is needed" in visitor.text
    assert usable_methods(john) == (MethodKind.AUTHENTICATOR_APP,)


@pytest.mark.requirement("M23")
@pytest.mark.parametrize(("minutes", "page"), [(14, "More information required"), (16, "Another method is needed")])
def test_a_further_method_is_registered_only_soon_after_a_verification(visitor, john, app_of, clock, minutes, page):
    app = app_of(john)
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert visitor.send("verify", method="authenticatorApp", code=code_of(app, clock)).answered
    clock.shift(timedelta(minutes=minutes))
    visitor.begin(essential_amr=("rsa",))
    assert page in visitor.text


def test_a_method_the_organization_does_not_allow_cannot_be_chosen(visitor, john, fabrikam):
    AuthenticationPolicy.objects.create(tenant=fabrikam, allowed_methods=["authenticatorApp"])
    visitor.need_mfa().type_name("john@fabrikam.example").type_password().open("register_method")
    assert "Security key" not in visitor.text
    visitor.send("register_method", method="securityKey")
    assert "How would you like to verify?" in visitor.text


def test_a_replayed_code_is_refused_in_another_session(visitor, john, app_of, clock):
    app = app_of(john)
    code = code_of(app, clock)
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert visitor.send("verify", method="authenticatorApp", code=code).answered
    visitor.client.cookies.clear()
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    visitor.send("verify", method="authenticatorApp", code=code)
    assert not visitor.answered
    assert "used already" in visitor.text


def test_a_recovery_code_verifies_once(visitor, john, app_of):
    app_of(john)
    code = issue_recovery_codes(account=john)[0]
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert "Recovery code" in visitor.text
    assert visitor.send("verify", method="recoveryCode", code=code).answered
    visitor.client.cookies.clear()
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert not visitor.send("verify", method="recoveryCode", code=code).answered


def test_guessing_at_codes_is_slowed_down(visitor, john, app_of, clock):
    app = app_of(john)
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    for _ in range(5):
        visitor.send("verify", method="authenticatorApp", code="12345")
    visitor.send("verify", method="authenticatorApp", code=current_code(app))
    assert "Too many wrong attempts" in visitor.text


@pytest.mark.requirement("V11", "V6")
def test_a_security_key_registers_and_later_verifies(entered, john, clock):
    key = SoftwareKey()
    entered.send("register_method", method="securityKey")
    entered.send("register_set_up", name="Desk key", answer=key.create(options_in(entered.text)))
    assert "recovery codes" in entered.text
    entered.send("register_done")
    clock.shift(timedelta(days=2))
    entered.need_mfa().type_name("john@fabrikam.example").type_password()
    assert entered.send("verify", method="securityKey", answer=key.get(options_in(entered.text))).answered
    event = AuthenticationEvent.objects.last()
    assert (event.method, event.user_verified) == ("securityKey", True)


def test_a_webauthn_challenge_is_good_once(visitor, john, clock):
    key = SoftwareKey()
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    visitor.send("register_method", method="securityKey")
    options = options_in(visitor.text)
    visitor.send("register_set_up", name="Desk key", answer="{}")
    visitor.send("register_set_up", name="Desk key", answer=key.create(options))
    assert "could not be registered" in visitor.text
    assert not has_method(john)


@pytest.mark.requirement("V11")
def test_a_hardware_token_is_activated_by_a_code(entered, john, fabrikam, app_of):
    seed = app_of(john).seed_sealed
    AuthenticatorApp.objects.all().delete()
    token = HardwareToken.objects.create(tenant=fabrikam, account=john, serial_number="77", seed_sealed=seed)
    entered.send("register_method", method="hardwareToken")
    entered.send("register_set_up", serial_number="77", code="000000" if current_code(token) != "000000" else "1")
    assert not has_method(john)
    entered.send("register_set_up", serial_number="77", code=current_code(token))
    assert usable_methods(john) == (MethodKind.HARDWARE_TOKEN, MethodKind.RECOVERY_CODE)


@pytest.mark.parametrize("page", ["verify", "register", "register_set_up"])
def test_cancelling_the_second_factor_is_answered_as_an_error(entered, page):
    entered.send("cancel", step="verify")
    assert entered.answered
    assert "error=access_denied" in entered.text
    assert "AADSTS500121" in entered.text


def test_the_method_used_last_is_offered_first(visitor, john, app_of, fabrikam, clock):
    app = app_of(john)
    token = HardwareToken.objects.create(
        tenant=fabrikam, account=john, serial_number="78", seed_sealed=app.seed_sealed, confirmed=True
    )
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert "authenticator app shows" in visitor.text
    assert "hardware token shows" in visitor.open("verify", "?method=hardwareToken").text
    assert visitor.send("verify", method="hardwareToken", code=code_of(token, clock)).answered
    visitor.client.cookies.clear()
    visitor.need_mfa().type_name("john@fabrikam.example").type_password()
    assert "hardware token shows" in visitor.text
