import pytest
from django.core.management import call_command

from entra.directory.methods import MethodKind, has_method, remove_method, usable_methods, verify_code
from entra.directory.methods.authenticator import confirm_authenticator, start_authenticator
from entra.directory.methods.one_time_codes import current_code
from entra.directory.methods.recovery import codes_left, issue_recovery_codes
from entra.directory.models import RecoveryCode

CODE = MethodKind.RECOVERY_CODE


def test_a_recovery_code_works_once(john):
    code = issue_recovery_codes(account=john)[0]
    assert verify_code(account=john, kind=CODE, code=code, ip="::1")
    assert not verify_code(account=john, kind=CODE, code=code, ip="::1")
    assert codes_left(john) == 9


def test_a_recovery_code_may_be_typed_in_lower_case_without_dashes(john):
    code = issue_recovery_codes(account=john)[0]
    assert verify_code(account=john, kind=CODE, code=code.lower().replace("-", " "), ip="::1")


def test_new_codes_replace_the_older_ones(john):
    old = issue_recovery_codes(account=john)[0]
    issue_recovery_codes(account=john)
    assert not verify_code(account=john, kind=CODE, code=old, ip="::1")


def test_a_recovery_code_of_another_account_is_refused(john, olga):
    code = issue_recovery_codes(account=olga)[0]
    assert not verify_code(account=john, kind=CODE, code=code, ip="::1")


def test_codes_are_long_and_stored_as_digests_only(john):
    codes = issue_recovery_codes(account=john)
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 24 for code in codes)
    stored = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


@pytest.mark.requirement("V10")
def test_recovery_codes_alone_are_no_registration(john):
    issue_recovery_codes(account=john)
    assert usable_methods(john) == ()
    assert not has_method(john)


def test_with_the_last_method_its_recovery_codes_go_too(john, clock):
    app = start_authenticator(account=john, name="Phone")
    confirm_authenticator(app=app, code=current_code(app))
    issue_recovery_codes(account=john)
    assert usable_methods(john) == (MethodKind.AUTHENTICATOR_APP, MethodKind.RECOVERY_CODE)
    assert remove_method(account=john, method_id=str(app.pk))
    assert codes_left(john) == 0


def test_nobody_removes_another_accounts_method(john, olga, clock):
    app = start_authenticator(account=john, name="Phone")
    confirm_authenticator(app=app, code=current_code(app))
    assert remove_method(account=olga, method_id=str(app.pk)) is None
    assert has_method(john)


def test_an_administrator_resets_somebody_who_has_lost_everything(john, clock, capsys):
    app = start_authenticator(account=john, name="Phone")
    confirm_authenticator(app=app, code=current_code(app))
    issue_recovery_codes(account=john)
    call_command("reset_methods", "John@fabrikam.example")
    assert usable_methods(john) == ()
    assert codes_left(john) == 0
