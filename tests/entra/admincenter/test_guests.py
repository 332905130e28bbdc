"""The page about guests: who they are, and whether MFA done at home is believed (M15)."""

import csv
import io

import pytest

from activity.models import AuditRecord
from entra.directory.models import DirectoryRole, Tenant, User
from entra.federation.models import FederatedDomain
from entra.policy.administration import set_allowed_methods, set_home_mfa_trust
from tests.entra.admincenter.conftest import FABRIKAM, Admin, asked
from tests.entra.conftest import make_user

pytestmark = pytest.mark.requirement("M15")


@pytest.fixture
def visitor(fabrikam: Tenant, alejandra: User) -> User:
    """Alejandra of Contoso, a guest of Fabrikam."""
    return make_user(fabrikam, "visitor", user_type="Guest", home_account=alejandra)


def test_home_mfa_is_believed_and_not(admin: Admin, fabrikam: Tenant, contoso: Tenant) -> None:
    assert "MFA from home is not trusted" in admin.text("/guests")
    assert "MFA done at home is trusted, from the next sign-in." in admin.done("/guests/trust", on="1")
    fabrikam.refresh_from_db()
    contoso.refresh_from_db()
    assert (fabrikam.trusts_home_mfa, contoso.trusts_home_mfa) == (True, False)
    assert "Stop trusting it" in admin.text("/guests")
    assert "MFA done at home is no longer trusted." in admin.done("/guests/trust", on="0")
    fabrikam.refresh_from_db()
    assert not fabrikam.trusts_home_mfa
    changes = AuditRecord.objects.filter(action="policy.homeMfaTrust.changed").order_by("pk")
    assert [(one.actor, one.detail) for one in changes] == [
        (str(admin.account.pk), {"trusted": True}),
        (str(admin.account.pk), {"trusted": False}),
    ]


def test_the_change_takes_a_recent_verification(admin: Admin, fabrikam: Tenant) -> None:
    admin.let_verification_age()
    asked(admin.post("/guests/trust", on="1"), at=FABRIKAM)
    fabrikam.refresh_from_db()
    assert not fabrikam.trusts_home_mfa


def test_guests_are_listed_searched_and_filtered_and_members_are_not_among_them(
    admin: Admin, visitor: User, john: User, contoso: Tenant
) -> None:
    make_user(contoso, "theirs", user_type="Guest", home_account=john)
    page = admin.text("/guests")
    assert "alejandra@contoso.example" in page
    assert "john@fabrikam.example" not in page
    assert "alejandra@contoso.example" in admin.text("/guests", q="ALEJANDRA@")
    assert "alejandra@contoso.example" not in admin.text("/guests", q="nobody")
    assert "alejandra@contoso.example" not in admin.text("/guests", roles="held")
    visitor.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)
    assert "Security Administrator" in admin.text("/guests", roles="held")
    assert "alejandra@contoso.example" not in admin.text("/guests", account="off")
    text = b"".join(admin.get("/guests", format="csv")).decode("utf-8-sig")
    assert [row["Sign-in name"] for row in csv.DictReader(io.StringIO(text))] == ["alejandra@contoso.example"]


@pytest.mark.parametrize(
    ("behavior", "methods_at_home", "told"),
    [
        ("enforceMfaByFederatedIdp", True, True),
        ("acceptIfMfaDoneByFederatedIdp", True, False),
        ("acceptIfMfaDoneByFederatedIdp", False, True),
        ("rejectMfaByFederatedIdp", False, False),
    ],
)
def test_guests_who_verify_only_at_their_own_provider_are_counted(
    admin: Admin, fabrikam: Tenant, contoso: Tenant, visitor: User, behavior: str, methods_at_home: bool, told: bool
) -> None:
    FederatedDomain.objects.create(
        domain=contoso.domains.get(),
        issuer_uri="c",
        passive_sign_in_uri="https://c.example/",
        signing_certificate="x",
        federated_idp_mfa_behavior=behavior,
    )
    if not methods_at_home:
        set_allowed_methods(tenant=contoso, kinds=[], actor="test")
    assert ("1 guest can verify only at the home organization" in admin.text("/guests")) is told
    set_home_mfa_trust(tenant=fabrikam, on=True, actor="test")
    assert ("would be refused wherever a rule demands" in admin.text("/guests")) is told


def test_the_list_costs_the_same_for_many(
    admin: Admin, fabrikam: Tenant, contoso: Tenant, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        home = make_user(contoso, f"user{number}")
        guest = make_user(fabrikam, f"guest{number}", user_type="Guest", home_account=home)
        guest.role_assignments.create(role=DirectoryRole.BILLING_ADMINISTRATOR)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        admin.text("/guests")
