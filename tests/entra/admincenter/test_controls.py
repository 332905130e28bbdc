"""Custom controls in the admin center: written, changed and deleted, and never taken for MFA."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID
from django.utils import timezone

from activity.models import AuditRecord
from entra.apps.models import Application
from entra.directory.models import Tenant, User
from entra.policy.administration import save_control, save_policy
from entra.policy.evaluate import Grant
from entra.policy.models import ConditionalAccessPolicy, CustomControl
from secretstore.certificates import create_certificate
from tests.entra.admincenter.conftest import FABRIKAM, Admin, asked

pytestmark = pytest.mark.requirement("V4", "V9")
PATH = "/custom-controls"


@pytest.fixture(scope="module")
def pem() -> str:
    return create_certificate(common_name="Third party").certificate_pem


@pytest.fixture
def facts(pem: str) -> dict[str, str]:
    return {
        "name": "Third party",
        "url": "https://control.example/check?tenant=7",
        "issuer": "https://control.example",
        "certificate": pem,
    }


@pytest.fixture
def control(fabrikam: Tenant, facts: dict[str, str]) -> CustomControl:
    return save_control(tenant=fabrikam, actor="test", **facts)


def using(control: CustomControl, name: str) -> ConditionalAccessPolicy:
    return save_policy(
        tenant=control.tenant, name=name, grant=Grant.CUSTOM_CONTROL, custom_control=control, actor="test"
    )


def certificate_of(key: Any) -> str:
    now, name = timezone.now(), Name([NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(random_serial_number()).not_valid_before(now).not_valid_after(now)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM).decode()


def test_a_control_is_written_with_its_warning_and_what_the_third_party_needs(
    admin: Admin, fabrikam: Tenant, facts: dict[str, str]
) -> None:
    assert "A custom control never counts as MFA" in admin.text(f"{PATH}/new")
    page = admin.done(f"{PATH}/new", **facts | {"certificate": f"  pasted\n{facts['certificate']}\n"})
    assert "“Third party” was saved." in page
    assert "A custom control never counts as MFA" in page
    assert "/common/federation/controlreturn" in page
    assert "/saml/metadata" in page
    assert "CN=Third party" in page
    saved = CustomControl.objects.get()
    assert fabrikam.custom_controls.get() == saved
    assert (saved.name, saved.url) == ("Third party", "https://control.example/check?tenant=7")
    assert (saved.issuer, saved.certificate) == ("https://control.example", facts["certificate"])
    record = AuditRecord.objects.get(action="policy.customControl.saved")
    assert record.actor == str(admin.account.pk)
    assert record.detail["control"] == "Third party"
    assert "BEGIN CERTIFICATE" not in str(record.detail)


def test_a_new_control_can_be_chosen_in_a_policy_at_once(admin: Admin, facts: dict[str, str]) -> None:
    admin.done(f"{PATH}/new", **facts)
    control = CustomControl.objects.get()
    form = admin.get("/policies/new", control=str(control.pk)).context["form"]
    assert form["grant"].value() == str(control.pk)
    page = admin.done(
        "/policies/new", name="By it", include_users="all", include_applications=["all"], grant=str(control.pk)
    )
    assert "pass by “Third party”, which never counts as MFA." in page
    assert ConditionalAccessPolicy.objects.get().custom_control == control
    assert admin.get("/policies/new", control="nonsense").context["form"]["grant"].value() == "mfa"


def test_a_control_is_met_in_what_if(
    admin: Admin, control: CustomControl, john: User, application: Application
) -> None:
    using(control, "By it")
    page = admin.text("/what-if", user=john.user_principal_name, application=str(application.pk))
    assert "The person is sent to a custom control. It never counts as MFA." in page


def test_a_control_is_changed_and_keeps_its_policies(
    admin: Admin, control: CustomControl, facts: dict[str, str]
) -> None:
    policy = using(control, "By it")
    form = admin.get(f"{PATH}/{control.pk}/edit").context["form"]
    assert {name: form[name].value() for name in facts} == facts
    renewed = create_certificate(common_name="Renewed").certificate_pem
    admin.done(f"{PATH}/{control.pk}/edit", **facts | {"name": "Other name", "certificate": renewed})
    policy.refresh_from_db()
    assert policy.custom_control == control
    control.refresh_from_db()
    assert (control.name, control.certificate) == ("Other name", renewed)
    assert AuditRecord.objects.filter(action="policy.customControl.saved").latest("pk").detail["certificateChanged"]


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("name", "", "This field is required."),
        ("name", "x" * 121, "Ensure this value has at most 120 characters"),
        ("url", "http://control.example/check", "The address has to start with https://."),
        ("url", "javascript:alert(1)", "Enter a valid URL."),
        ("url", "https://user:secret@control.example/", "neither a name and password nor a “#” part"),
        ("url", "https://control.example/#there", "neither a name and password nor a “#” part"),
        ("url", f"https://control.example/{'x' * 200}", "Ensure this value has at most 200 characters"),
        ("issuer", "", "This field is required."),
        ("certificate", "nonsense", "This is not an X.509 certificate in PEM."),
    ],
)
def test_what_cannot_be_saved_is_said_and_what_was_typed_stays(
    admin: Admin, facts: dict[str, str], field: str, wrong: str, said: str
) -> None:
    page = admin.refused(f"{PATH}/new", **facts | {field: wrong})
    assert said in page
    assert "https://control.example" in page
    assert not CustomControl.objects.exists()


@pytest.mark.parametrize("host", ["127.0.0.1:8002", "localhost:8002", "[::1]:8002"])
def test_this_machine_may_do_without_https(admin: Admin, facts: dict[str, str], host: str) -> None:
    admin.done(f"{PATH}/new", **facts | {"url": f"http://{host}/control"})
    assert CustomControl.objects.get().url == f"http://{host}/control"


@pytest.mark.parametrize(
    ("key", "usable"),
    [
        (ec.generate_private_key(ec.SECP256R1()), True),
        (ec.generate_private_key(ec.SECP384R1()), True),
        (ec.generate_private_key(ec.SECP521R1()), False),
        (rsa.generate_private_key(65537, 1024), False),  # noqa: S505 -- what is to be refused
        (ed25519.Ed25519PrivateKey.generate(), False),
    ],
    ids=["P-256", "P-384", "P-521", "RSA 1024", "Ed25519"],
)
def test_a_key_that_answers_are_not_checked_with_is_refused(
    admin: Admin, facts: dict[str, str], key: Any, usable: bool
) -> None:
    fields = facts | {"certificate": certificate_of(key)}
    if usable:
        admin.done(f"{PATH}/new", **fields)
    else:
        assert "The key of this certificate cannot sign answers" in admin.refused(f"{PATH}/new", **fields)
    assert CustomControl.objects.exists() is usable


def test_a_second_control_of_the_same_name_is_refused(
    admin: Admin, control: CustomControl, contoso: Tenant, facts: dict[str, str]
) -> None:
    save_control(tenant=contoso, actor="test", **facts | {"name": "Theirs"})
    assert "There is a custom control of this name already." in admin.refused(f"{PATH}/new", **facts)
    admin.done(f"{PATH}/{control.pk}/edit", **facts)  # its own name
    admin.done(f"{PATH}/new", **facts | {"name": "Theirs"})


def test_a_control_that_policies_use_is_not_deleted_and_they_are_named(admin: Admin, control: CustomControl) -> None:
    for name in ("Second", "First"):
        using(control, name)
    assert "It can be deleted once no policy uses it." in admin.text(f"{PATH}/{control.pk}")
    page = admin.done(f"{PATH}/{control.pk}/delete")
    assert "“Third party” cannot be deleted: it is used by “First”, “Second”." in page
    assert CustomControl.objects.exists()
    assert not AuditRecord.objects.filter(action="policy.customControl.removed").exists()


def test_a_control_that_no_policy_uses_is_deleted(admin: Admin, control: CustomControl) -> None:
    assert "It cannot be brought back." in admin.text(f"{PATH}/{control.pk}/delete")
    assert "“Third party” was deleted." in admin.done(f"{PATH}/{control.pk}/delete")
    assert not CustomControl.objects.exists()
    record = AuditRecord.objects.get(action="policy.customControl.removed")
    assert (record.actor, record.detail) == (str(admin.account.pk), {"control": "Third party"})


def test_a_security_administrator_writes_controls_as_policies(
    enter: Callable[..., Admin], svetlana: User, facts: dict[str, str]
) -> None:
    enter(svetlana).done(f"{PATH}/new", **facts)
    assert CustomControl.objects.exists()


def test_a_form_that_meets_an_old_verification_is_shown_again(admin: Admin, facts: dict[str, str]) -> None:
    admin.let_verification_age()
    asked(admin.post(f"{PATH}/new", **facts), at=FABRIKAM)
    assert not CustomControl.objects.exists()


def test_another_tenants_control_is_not_there(admin: Admin, contoso: Tenant, facts: dict[str, str]) -> None:
    theirs = save_control(tenant=contoso, actor="test", **facts)
    for page in ("", "/edit", "/delete"):
        assert admin.get(f"{PATH}/{theirs.pk}{page}").status_code == 404
    for page in ("/edit", "/delete"):
        assert admin.post(f"{PATH}/{theirs.pk}{page}", **facts).status_code == 404
    assert admin.get("/policies/new", control=str(theirs.pk)).context["form"]["grant"].value() == "mfa"
    assert CustomControl.objects.get() == theirs
