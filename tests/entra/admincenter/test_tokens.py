"""Hardware tokens in the admin center: the list, taking one back from its holder, deleting one."""

from collections.abc import Callable
from typing import Any

import pytest

from activity.models import AuditRecord
from entra.directory.methods import MethodKind, usable_methods
from entra.directory.methods.hardware import activate_token
from entra.directory.methods.one_time_codes import current_code, seal_seed
from entra.directory.models import HardwareToken, RecoveryCode, Tenant, User
from entra.policy.administration import save_policy, set_allowed_methods
from entra.policy.evaluate import Grant
from mailing.models import OutgoingMail
from tests.entra.admincenter.conftest import Admin
from tests.entra.conftest import make_user

pytestmark = pytest.mark.requirement("V11")


@pytest.fixture
def token(fabrikam: Tenant, john: User) -> HardwareToken:
    """John has activated it."""
    return HardwareToken.objects.create(
        tenant=fabrikam, serial_number="CT-1001", account=john, confirmed=True, seed_sealed=seal_seed(b"s" * 20)
    )


def test_a_token_is_taken_back_by_the_administrator_and_its_holder_is_told(
    admin: Admin, john: User, token: HardwareToken, django_capture_on_commit_callbacks: Any
) -> None:
    RecoveryCode.objects.create(account=john, digest="d")
    asking = admin.text(f"/hardware-tokens/{token.pk}/take-back")
    assert "john@fabrikam.example can no longer verify with it" in asking
    with django_capture_on_commit_callbacks(execute=True):
        page = admin.done(f"/hardware-tokens/{token.pk}/take-back")
    assert "“CT-1001” was taken back from john@fabrikam.example." in page
    token.refresh_from_db()
    assert (token.account, token.confirmed) == (None, False)
    assert usable_methods(john) == ()
    assert not john.recovery_codes.exists()
    record = AuditRecord.objects.get(action="method.removed")
    assert (record.actor, record.subject) == (str(admin.account.pk), str(john.pk))
    assert record.detail == {"kind": "hardwareToken", "name": "CT-1001"}
    told = OutgoingMail.objects.get()
    assert told.recipient == "john@fabrikam.example"
    assert "“CT-1001” was removed from the ways you verify your identity." in told.body
    assert "An administrator did this." in told.body


def test_a_token_taken_back_is_free_for_somebody_else(admin: Admin, fabrikam: Tenant, token: HardwareToken) -> None:
    mary = make_user(fabrikam, "mary")
    admin.done(f"/hardware-tokens/{token.pk}/take-back")
    admin.done(f"/hardware-tokens/{token.pk}", account="mary@fabrikam.example")
    assert activate_token(account=mary, serial_number="CT-1001", code=current_code(HardwareToken.objects.get()))
    assert usable_methods(mary) == (MethodKind.HARDWARE_TOKEN,)


def test_a_security_administrator_takes_nobody_s_method_away(
    enter: Callable[..., Admin], svetlana: User, token: HardwareToken
) -> None:
    admin = enter(svetlana)
    assert "Only a Global administrator can take a token back" in admin.text(f"/hardware-tokens/{token.pk}")
    assert admin.post(f"/hardware-tokens/{token.pk}/take-back").status_code == 403
    token.refresh_from_db()
    assert token.confirmed


def test_only_a_token_with_a_holder_is_taken_back_and_only_one_without_is_deleted(
    admin: Admin, fabrikam: Tenant, token: HardwareToken
) -> None:
    waiting = HardwareToken.objects.create(tenant=fabrikam, serial_number="1002", seed_sealed="x")
    assert admin.post(f"/hardware-tokens/{waiting.pk}/take-back").status_code == 404
    assert admin.post(f"/hardware-tokens/{token.pk}/delete").status_code == 404
    assert "Its seed is forgotten." in admin.text(f"/hardware-tokens/{waiting.pk}/delete")
    assert "“1002” was deleted." in admin.done(f"/hardware-tokens/{waiting.pk}/delete")
    assert list(HardwareToken.objects.all()) == [token]
    record = AuditRecord.objects.get(action="hardwareToken.removed")
    assert (record.actor, record.subject) == (str(admin.account.pk), "1002")


def test_another_tenants_token_is_not_there(admin: Admin, contoso: Tenant, alejandra: User) -> None:
    theirs = HardwareToken.objects.create(
        tenant=contoso, serial_number="1", account=alejandra, confirmed=True, seed_sealed="x"
    )
    for page in ("", "/take-back", "/delete"):
        assert admin.get(f"/hardware-tokens/{theirs.pk}{page}").status_code == 404
        assert admin.post(f"/hardware-tokens/{theirs.pk}{page}").status_code == 404
    theirs.refresh_from_db()
    assert theirs.account == alejandra


def test_the_list_is_searched_filtered_and_a_file(
    admin: Admin, fabrikam: Tenant, john: User, token: HardwareToken
) -> None:
    HardwareToken.objects.create(tenant=fabrikam, serial_number="CT-2", account=john, seed_sealed="x")
    HardwareToken.objects.create(tenant=fabrikam, serial_number="CT-3", seed_sealed="x")

    def serials(**query: str) -> list[str]:
        lines = b"".join(admin.get("/hardware-tokens", format="csv", **query)).decode("utf-8-sig").splitlines()
        return [line.partition(",")[0] for line in lines[1:]]

    assert serials() == ["CT-1001", "CT-2", "CT-3"]
    assert serials(state="activated") == ["CT-1001"]
    assert serials(state="assigned") == ["CT-2"]
    assert serials(state="free") == ["CT-3"]
    assert serials(q="ct-3") == ["CT-3"]
    assert serials(q="JOHN") == ["CT-1001", "CT-2"]


@pytest.mark.requirement("V13")
def test_the_token_that_the_last_administrator_could_register_is_kept_for_that(
    admin: Admin, fabrikam: Tenant, john: User
) -> None:
    admin.account.authenticator_apps.all().delete()
    set_allowed_methods(tenant=fabrikam, kinds=[MethodKind.HARDWARE_TOKEN], actor="test")
    spare = HardwareToken.objects.create(tenant=fabrikam, serial_number="CT-1", seed_sealed="x")
    save_policy(tenant=fabrikam, name="MFA", grant=Grant.MFA, actor="test")
    assert "no Global administrator" in admin.refused(f"/hardware-tokens/{spare.pk}", account="john@fabrikam.example")
    assert "no Global administrator" in admin.done(f"/hardware-tokens/{spare.pk}/delete")
    assert HardwareToken.objects.get().account is None
    admin.done(f"/hardware-tokens/{spare.pk}", account="grace@fabrikam.example")


@pytest.mark.requirement("V13")
def test_the_last_administrators_token_is_not_taken_back_when_none_could_be_registered_again(
    admin: Admin, fabrikam: Tenant, token: HardwareToken
) -> None:
    HardwareToken.objects.update(account=admin.account)
    set_allowed_methods(tenant=fabrikam, kinds=[MethodKind.HARDWARE_TOKEN], actor="test")
    save_policy(tenant=fabrikam, name="MFA", grant=Grant.MFA, actor="test")
    assert "no Global administrator" in admin.done(f"/hardware-tokens/{token.pk}/take-back")
    assert HardwareToken.objects.get().account == admin.account
    admin.account.authenticator_apps.all().delete()  # with the app that is not allowed she could register nothing
    assert "was taken back" in admin.done(f"/hardware-tokens/{token.pk}/take-back")
