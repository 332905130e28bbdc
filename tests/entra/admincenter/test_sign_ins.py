"""The sign-in log: filters, CSV, and each sign-in with every rule in words."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from entra.directory.models import Tenant, User
from entra.policy.administration import require_mfa, save_policy
from entra.policy.evaluate import Grant, PolicyState
from entra.signin.models import SignIn
from tests.entra.admincenter.conftest import MFA, Admin
from tests.entra.conftest import RelyingParty, make_user


def logged(account: User, **facts: Any) -> SignIn:
    usual = {
        "at": timezone.now(),
        "tenant": account.tenant,
        "home_tenant_id": account.tenant_id,
        "resource_tenant_id": account.tenant_id,
        "application_id": uuid4(),
        "application_name": "Partner Center",
        "interactive": True,
        "correlation_id": uuid4(),
        "result": "success",
    }
    return SignIn.objects.create(account=account, **(usual | facts))


def names(admin: Admin, **query: str) -> set[str]:
    """Whom the CSV file lists."""
    text = b"".join(admin.get("/sign-ins", format="csv", **query)).decode("utf-8-sig")
    return {row["Person"] for row in csv.DictReader(io.StringIO(text))}


def test_the_log_is_filtered_by_person_result_application_date_and_policy_outcome(
    admin: Admin, fabrikam: Tenant, john: User
) -> None:
    SignIn.objects.all().delete()
    mary = make_user(fabrikam, "mary")
    old = logged(john, at=timezone.now() - timedelta(days=8), application_name="Old one")
    logged(mary, result="failure", error_code=53003, policy_status="failure")
    both = {"john@fabrikam.example", "mary@fabrikam.example"}
    assert names(admin) == both
    assert names(admin, q="MARY") == {"mary@fabrikam.example"}
    assert names(admin, result="failure") == {"mary@fabrikam.example"}
    assert names(admin, policies="failure") == {"mary@fabrikam.example"}
    assert names(admin, days="7") == {"mary@fabrikam.example"}
    assert names(admin, days="30") == both
    assert names(admin, application=str(old.application_id)) == {"john@fabrikam.example"}
    page = admin.text("/sign-ins")
    assert "Old one" in page
    assert "A policy not met" in page


def test_another_tenants_sign_ins_are_not_there(admin: Admin, alejandra: User) -> None:
    theirs = logged(alejandra)
    assert "alejandra@contoso.example" not in admin.text("/sign-ins")
    assert admin.get(f"/sign-ins/{theirs.pk}").status_code == 404


def test_a_sign_in_shows_every_rule_with_its_reason_in_words(
    admin: Admin, fabrikam: Tenant, grace: User, rp: RelyingParty, sign_in: Any
) -> None:
    require_mfa(tenant=fabrikam, name="MFA for everybody", users=None, excluded=[], actor="test")
    save_policy(
        tenant=fabrikam,
        name="Never Grace",
        grant=Grant.BLOCK,
        state=PolicyState.ON,
        exclude_users=[str(grace.pk)],
        actor="test",
    )
    save_policy(tenant=fabrikam, name="Trial", grant=Grant.BLOCK, state=PolicyState.REPORT_ONLY, actor="test")
    sign_in(rp.browser, grace, *MFA)
    rp.code()
    row = SignIn.objects.filter(account=grace, application_name="Partner Center").get()
    page = admin.text(f"/sign-ins/{row.pk}")
    for words in (
        "MFA for everybody",
        "It applies to this person, application and network.",
        "Met",
        "Never Grace",
        "The person is among those it leaves out.",
        "Trial",
        "It is report-only: its conditions are met, and nothing is demanded.",
        "Report-only: would block",
        "Security defaults",
        "It is off.",
        "Authenticator app",
    ):
        assert words in page, words


def test_the_list_takes_the_same_queries_for_one_row_and_for_many(
    admin: Admin, john: User, django_assert_num_queries: Any
) -> None:
    for _number in range(10):
        logged(john)
    with django_assert_num_queries(5):  # session, roles, organizations, applications, rows
        admin.get("/sign-ins")
