"""Named locations, security defaults, methods, legacy authentication, per-user MFA, tokens, custom controls."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from activity.models import AuditRecord
from entra.directory.methods import MethodKind
from entra.directory.models import HardwareToken, Tenant, User
from entra.policy.administration import save_location, save_policy, set_allowed_methods
from entra.policy.evaluate import Grant, PerUserMfaState
from entra.policy.models import AuthenticationPolicy, CustomControl, NamedLocation, PerUserMfa, SecurityDefaults
from entra.policy.services import allowed_methods, allows_password_grant
from tests.entra.admincenter.conftest import FABRIKAM, Admin, asked

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
HEADER = "upn,serial number,secret key,time interval,manufacturer,model\n"


def audited(action: str) -> bool:
    return AuditRecord.objects.filter(action=action).exists()


def test_a_location_is_made_changed_and_deleted(admin: Admin) -> None:
    page = admin.done("/locations/new", name="Office", ranges="192.0.2.0/24\n2001:db8::/32", is_trusted="on")
    assert "192.0.2.0/24, 2001:db8::/32" in page
    location = NamedLocation.objects.get()
    admin.done(f"/locations/{location.pk}", name="Head office", ranges="192.0.2.0/25")
    location.refresh_from_db()
    assert (location.name, location.cidr_ranges, location.is_trusted) == ("Head office", ["192.0.2.0/25"], False)
    assert "Delete this location?" in admin.text(f"/locations/{location.pk}/delete")
    assert NamedLocation.objects.exists()
    admin.done(f"/locations/{location.pk}/delete")
    assert not NamedLocation.objects.exists()
    assert audited("policy.namedLocation.removed")


def test_a_wrong_range_and_a_second_name_are_said(admin: Admin) -> None:
    page = admin.refused("/locations/new", name="Office", ranges="192.0.2.1/24")
    assert "“192.0.2.1/24” is not an IP range." in page
    admin.done("/locations/new", name="Office", ranges="192.0.2.0/24")
    page = admin.refused("/locations/new", name="Office", ranges="192.0.2.0/24")
    assert "There is a location of this name already." in page


def test_a_location_in_use_is_not_deleted(admin: Admin, fabrikam: Tenant) -> None:
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], actor="test")
    save_policy(tenant=fabrikam, name="MFA outside", grant=Grant.MFA, exclude_locations=[office], actor="test")
    assert "MFA outside" in admin.text("/locations")
    assert "A policy names this location." in admin.done(f"/locations/{office.pk}/delete")
    assert NamedLocation.objects.exists()


def test_a_location_whose_loss_would_lock_everybody_out_stays(admin: Admin, fabrikam: Tenant) -> None:
    office = save_location(tenant=fabrikam, name="Office", cidr_ranges=["192.0.2.0/24"], is_trusted=True, actor="test")
    save_policy(tenant=fabrikam, name="Office only", grant=Grant.BLOCK, exclude_trusted=True, actor="test")
    page = admin.refused(f"/locations/{office.pk}", name="Office", ranges="192.0.2.0/24")
    assert "no Global administrator" in page
    assert "no Global administrator" in admin.done(f"/locations/{office.pk}/delete")
    assert NamedLocation.objects.get().is_trusted


def test_security_defaults_are_explained_switched_and_refused_where_they_lock_out(
    admin: Admin, fabrikam: Tenant, grace: User, john: User
) -> None:
    page = admin.text("/security-defaults")
    assert "Everybody registers within 14 days." in page
    assert "1 person has no method yet." in page
    assert "Security defaults are on." in admin.done("/security-defaults", on="1")
    assert SecurityDefaults.objects.filter(tenant=fabrikam).exists()
    assert "Security defaults are off." in admin.done("/security-defaults", on="0")
    assert not SecurityDefaults.objects.exists()
    grace.authenticator_apps.all().delete()
    set_allowed_methods(tenant=fabrikam, kinds=[], actor="test")
    assert "no Global administrator" in admin.refused("/security-defaults", on="1")
    assert not SecurityDefaults.objects.exists()


def test_the_methods_policy_is_chosen_and_given_back_to_the_default(admin: Admin, fabrikam: Tenant) -> None:
    admin.done("/methods", own="own", kinds=["securityKey", "authenticatorApp"])
    chosen = {MethodKind.SECURITY_KEY, MethodKind.AUTHENTICATOR_APP, MethodKind.RECOVERY_CODE}
    assert allowed_methods(fabrikam) == chosen
    admin.done("/methods", own="")
    assert AuthenticationPolicy.objects.get().allowed_methods is None
    assert audited("policy.methods.changed")


def test_methods_that_would_leave_the_administrators_none_are_refused(admin: Admin, fabrikam: Tenant) -> None:
    save_policy(tenant=fabrikam, name="MFA", grant=Grant.MFA, actor="test")
    assert "no Global administrator" in admin.refused("/methods", own="own")
    assert allowed_methods(fabrikam) == set(MethodKind)


def test_legacy_authentication_is_blocked_and_not(admin: Admin, fabrikam: Tenant) -> None:
    admin.done("/legacy-authentication", on="1")
    assert AuthenticationPolicy.objects.get(tenant=fabrikam).blocks_legacy_authentication
    assert "Stop blocking" in admin.text("/methods")
    admin.done("/legacy-authentication", on="0")
    assert not AuthenticationPolicy.objects.get(tenant=fabrikam).blocks_legacy_authentication


@pytest.mark.requirement("V14")
def test_the_password_grant_is_allowed_with_a_warning_and_not(admin: Admin, fabrikam: Tenant) -> None:
    assert "Its tokens prove a password alone" in admin.text("/methods")
    assert "Applications may exchange passwords for tokens." in admin.done("/password-grant", on="1")
    assert allows_password_grant(fabrikam)
    assert "Do not allow it" in admin.text("/methods")
    assert "The password grant is off." in admin.done("/password-grant", on="0")
    assert not allows_password_grant(fabrikam)
    changes = AuditRecord.objects.filter(action="policy.passwordGrant.changed").order_by("pk")
    assert [(one.actor, one.detail) for one in changes] == [
        (str(admin.account.pk), {"allowed": True}),
        (str(admin.account.pk), {"allowed": False}),
    ]


@pytest.mark.requirement("V14")
def test_allowing_the_password_grant_takes_a_recent_verification(admin: Admin, fabrikam: Tenant) -> None:
    admin.let_verification_age()
    asked(admin.post("/password-grant", on="1"), at=FABRIKAM)
    assert not allows_password_grant(fabrikam)


def test_per_user_mfa_is_listed_filtered_and_changed(admin: Admin, john: User, alejandra: User) -> None:
    path = f"/per-user-mfa/{john.pk}"
    assert "john@fabrikam.example" in admin.text("/per-user-mfa", state="disabled")
    assert "alejandra@contoso.example" not in admin.text("/per-user-mfa")
    assert "Enforced" in admin.text(path)
    admin.done(f"{path}/state", state="enforced")
    assert PerUserMfa.objects.get().state == PerUserMfaState.ENFORCED
    assert "john@fabrikam.example" not in admin.text("/per-user-mfa", state="disabled")
    assert "john@fabrikam.example" in admin.text("/per-user-mfa", state="enforced", q="JOHN")
    assert audited("policy.perUserMfa.changed")
    assert admin.post(f"{path}/state", state="anything").status_code == 404


def test_per_user_mfa_that_locks_the_last_administrator_out_is_refused(
    admin: Admin, fabrikam: Tenant, grace: User
) -> None:
    grace.authenticator_apps.all().delete()
    set_allowed_methods(tenant=fabrikam, kinds=[], actor="test")
    assert "no Global administrator" in admin.done(f"/per-user-mfa/{grace.pk}/state", state="enabled")
    assert not PerUserMfa.objects.exists()


def seed_file(*lines: str, header: str = HEADER) -> SimpleUploadedFile:
    return SimpleUploadedFile("tokens.csv", (header + "\n".join(lines)).encode("utf-8-sig"))


def test_tokens_are_imported_and_assigned_and_their_seeds_never_shown(admin: Admin, john: User) -> None:
    page = admin.done(
        "/hardware-tokens", file=seed_file(f"john@fabrikam.example,1001,{SEED},30,Acme,T1", f",1002,{SEED},60,,")
    )
    assert "2 tokens were imported." in page
    assert SEED not in page
    assert "john@fabrikam.example" in page
    free = HardwareToken.objects.get(serial_number="1002")
    admin.done(f"/hardware-tokens/{free.pk}", account="JOHN@fabrikam.example")
    free.refresh_from_db()
    assert (free.account, free.confirmed) == (john, False)
    admin.done(f"/hardware-tokens/{free.pk}", account="")
    free.refresh_from_db()
    assert free.account is None
    assert audited("hardwareToken.imported")
    assert audited("hardwareToken.assigned")
    assert not AuditRecord.objects.filter(detail__icontains=SEED).exists()


def test_a_file_with_a_wrong_line_imports_nothing_and_says_which(admin: Admin, john: User) -> None:
    wrong = seed_file(f"john@fabrikam.example,1001,{SEED},30,,", f",1002,{SEED},45,,")
    assert "Nothing was imported: line 3" in admin.refused("/hardware-tokens", file=wrong)
    unknown = seed_file(f"alejandra@contoso.example,1001,{SEED},30,,")
    assert "is not an account of Fabrikam" in admin.refused("/hardware-tokens", file=unknown)
    assert "The file is not text" in admin.refused(
        "/hardware-tokens", file=SimpleUploadedFile("t.csv", b"\xff\xfe\x00")
    )
    large = SimpleUploadedFile("t.csv", b"x" * (1024 * 1024 + 1))
    assert "The file is larger than 1 MB." in admin.refused("/hardware-tokens", file=large)
    assert not HardwareToken.objects.exists()


def test_an_activated_token_is_not_given_to_somebody_else(admin: Admin, fabrikam: Tenant, john: User) -> None:
    token = HardwareToken.objects.create(
        tenant=fabrikam, serial_number="1", account=john, confirmed=True, seed_sealed=""
    )
    assert admin.post(f"/hardware-tokens/{token.pk}", account="").status_code == 404


def test_an_upload_that_meets_a_verification_is_asked_for_again(admin: Admin) -> None:
    admin.let_verification_age()
    asked(admin.post("/hardware-tokens", file=seed_file(f",1,{SEED},30,,")), at=FABRIKAM)
    assert not HardwareToken.objects.exists()


def test_custom_controls_are_listed_with_their_warning(admin: Admin, fabrikam: Tenant, contoso: Tenant) -> None:
    for tenant, name in ((fabrikam, "Ours"), (contoso, "Theirs")):
        CustomControl.objects.create(tenant=tenant, name=name, url="https://w.example/c", issuer="w", certificate="")
    page = admin.text("/custom-controls")
    assert "A custom control never counts as MFA" in page
    assert "Ours" in page
    assert "Theirs" not in page


def test_another_tenants_things_are_not_there(admin: Admin, contoso: Tenant, alejandra: User) -> None:
    place = save_location(tenant=contoso, name="Theirs", cidr_ranges=["192.0.2.0/24"], actor="test")
    token = HardwareToken.objects.create(tenant=contoso, serial_number="1", seed_sealed="")
    for path in (
        f"/locations/{place.pk}",
        f"/locations/{place.pk}/delete",
        f"/per-user-mfa/{alejandra.pk}",
        f"/hardware-tokens/{token.pk}",
    ):
        assert admin.get(path).status_code == 404, path
    sent: dict[str, dict[str, Any]] = {
        f"/locations/{place.pk}": {"name": "Mine", "ranges": "0.0.0.0/0"},
        f"/locations/{place.pk}/delete": {},
        f"/per-user-mfa/{alejandra.pk}/state": {"state": "enabled"},
        f"/hardware-tokens/{token.pk}": {"account": ""},
    }
    for path, fields in sent.items():
        assert admin.post(path, **fields).status_code == 404, path


def test_the_list_of_people_is_a_file_too(admin: Admin, john: User) -> None:
    text = b"".join(admin.get("/per-user-mfa", format="csv")).decode("utf-8-sig")
    assert {row["State"] for row in csv.DictReader(io.StringIO(text))} == {"Disabled"}
