from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from entra.directory.methods import MethodKind, remove_method, usable_methods, verify_code
from entra.directory.methods.hardware import activate_token
from entra.directory.methods.one_time_codes import current_code
from entra.directory.models import HardwareToken

HEADER = "upn,serial number,secret key,time interval,manufacturer,model\n"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def imported(tmp_path):
    def run(*lines: str, tenant: str = "fabrikam.example") -> None:
        path = tmp_path / "seeds.csv"
        path.write_text(HEADER + "\n".join(lines))
        call_command("import_oath_tokens", str(path), tenant=tenant)

    return run


@pytest.mark.requirement("V11")
def test_an_imported_token_counts_after_its_holder_typed_a_code(john, imported, clock):
    imported(f"john@fabrikam.example,1001,{SEED},60,Contoso,HardwareKey")
    token = HardwareToken.objects.get()
    assert (token.account, token.interval, token.confirmed) == (john, 60, False)
    assert usable_methods(john) == ()
    assert activate_token(account=john, serial_number=" 1001 ", code=current_code(token))
    assert usable_methods(john) == (MethodKind.HARDWARE_TOKEN,)
    clock.shift(timedelta(minutes=3))
    token.refresh_from_db()
    assert verify_code(account=john, kind=MethodKind.HARDWARE_TOKEN, code=current_code(token), ip="::1")


@pytest.mark.requirement("V10")
def test_a_token_that_was_only_assigned_verifies_nobody(john, imported, clock):
    imported(f"john@fabrikam.example,1008,{SEED},30,,")
    code = current_code(HardwareToken.objects.get())
    assert not verify_code(account=john, kind=MethodKind.HARDWARE_TOKEN, code=code, ip="::1")


def test_a_token_of_nobody_is_assigned_by_its_activation(john, imported, clock):
    imported(f",1002,{SEED},30,,")
    assert activate_token(account=john, serial_number="1002", code=current_code(HardwareToken.objects.get()))
    assert HardwareToken.objects.get().account == john


def test_a_token_of_another_organization_cannot_be_activated(olga, fabrikam, imported, clock):
    imported(f",1003,{SEED},30,,")
    assert not activate_token(account=olga, serial_number="1003", code=current_code(HardwareToken.objects.get()))


def test_a_token_assigned_to_a_colleague_cannot_be_activated(john, olga, fabrikam, imported, clock):
    imported(f"john@fabrikam.example,1004,{SEED},30,,")
    olga.tenant = fabrikam
    olga.save()
    assert not activate_token(account=olga, serial_number="1004", code=current_code(HardwareToken.objects.get()))


def test_the_code_that_activated_a_token_is_used_up(john, imported, clock):
    imported(f"john@fabrikam.example,1005,{SEED},30,,")
    code = current_code(HardwareToken.objects.get())
    assert activate_token(account=john, serial_number="1005", code=code)
    assert not verify_code(account=john, kind=MethodKind.HARDWARE_TOKEN, code=code, ip="::1")


def test_a_removed_token_is_free_again(john, imported, clock):
    imported(f"john@fabrikam.example,1006,{SEED},30,,")
    token = HardwareToken.objects.get()
    activate_token(account=john, serial_number="1006", code=current_code(token))
    remove_method(account=john, method_id=str(token.pk))
    token.refresh_from_db()
    assert (token.account, token.confirmed) == (None, False)


def test_importing_the_same_file_again_changes_nothing(john, imported):
    imported(f"john@fabrikam.example,1007,{SEED},30,,")
    imported(f"john@fabrikam.example,1007,{SEED},30,,")
    assert HardwareToken.objects.count() == 1


@pytest.mark.parametrize(
    "line",
    [
        f"stranger@fabrikam.example,1,{SEED},30,,",
        "john@fabrikam.example,1,GEZDGNBV,30,,",
        f"john@fabrikam.example,1,{SEED},45,,",
        f"john@fabrikam.example,,{SEED},30,,",
        "john@fabrikam.example,1,not base32!,30,,",
        f"john@fabrikam.example,1,{SEED},30,,,one cell more",
    ],
)
def test_a_bad_line_imports_nothing_of_the_file(john, imported, line):
    with pytest.raises(CommandError):
        imported(f"john@fabrikam.example,2000,{SEED},30,,", line)
    assert not HardwareToken.objects.exists()


def test_a_file_that_is_no_text_is_refused_in_one_line(john, tmp_path):
    path = tmp_path / "seeds.csv"
    path.write_bytes(HEADER.encode() + b"\xff\xfe")
    with pytest.raises(CommandError):
        call_command("import_oath_tokens", str(path), tenant="fabrikam.example")
