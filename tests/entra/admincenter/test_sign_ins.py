"""The sign-in log: filters, CSV, and each sign-in with every rule in words."""

import csv
import io
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
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


def test_the_log_is_narrowed_to_a_period_on_the_page_and_in_the_file(
    admin: Admin, fabrikam: Tenant, john: User
) -> None:
    SignIn.objects.all().delete()
    for name, second in (("before", -1), ("first", 0), ("last", 119), ("after", 120)):
        at = datetime(2026, 1, 31, 9, 30, tzinfo=UTC) + timedelta(seconds=second)
        logged(make_user(fabrikam, name), at=at)
    period = {"from": "2026-01-31T09:30", "to": "2026-01-31T09:31"}
    both = {"first@fabrikam.example", "last@fabrikam.example"}
    assert names(admin, **period) == both
    assert names(admin, **{"from": "2026-01-31T09:31"}) == {"last@fabrikam.example", "after@fabrikam.example"}
    assert names(admin, to="2026-01-30") == set()
    assert names(admin, **period, q="last") == {"last@fabrikam.example"}
    page = admin.text("/sign-ins", **period)
    assert "before@" not in page
    assert "first@" in page
    assert 'name="from" value="2026-01-31T09:30"' in page
    assert "?from=2026-01-31T09%3A30&amp;to=2026-01-31T09%3A31&amp;format=csv" in page


def test_the_period_stays_while_the_log_is_paged_and_sorted(admin: Admin, john: User) -> None:
    for minute in range(30):
        logged(john, at=datetime(2026, 1, 31, 9, minute, tzinfo=UTC))
    page = admin.get("/sign-ins", **{"from": "2026-01-31"}, to="2026-01-31").context["page"]
    assert page.total == 30
    assert page.next.startswith("?from=2026-01-31T00%3A00&to=2026-01-31T23%3A59&after=")
    following = admin.client.get(f"/admin/sign-ins{page.next}").context["page"]
    assert (following.shown, following.total) == (5, 30)


def test_a_period_that_cannot_be_understood_is_said_and_refuses_the_file(admin: Admin, john: User) -> None:
    logged(john)
    page = admin.get("/sign-ins", **{"from": "yesterday"})
    assert page.status_code == HTTPStatus.BAD_REQUEST
    assert "“yesterday” is no date and time for From (UTC)." in page.content.decode()
    file = admin.get("/sign-ins", **{"from": "2026-02-01"}, to="2026-01-31", format="csv")
    assert file.status_code == HTTPStatus.BAD_REQUEST
    assert file.content.decode() == "The period ends before it begins."


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
