"""What keeps the figures below 100 %, on the status page, in the list and on a person's page (Q5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from activity.models import Channel
from activity.rollups import uses_without_mfa
from security.causes import below
from security.causes.rules import Cause
from security.models import ApplicationName, Finding, StatusSnapshot
from tests.portal.conftest import SignIn
from tests.portal.security.factory import APPLICATION, JANE, JOHN, finding, snapshot, use
from tests.portal.security.tenant import PORTAL

pytestmark = pytest.mark.requirement("Q5")
STATUS = "/dashboard/account/security-requirements"
CAUSES = f"{STATUS}/causes"
STALE = "Something was done without MFA since the last look."


@pytest.fixture
def browser(client: Client, sign_in: SignIn, alejandra: User) -> Client:
    """Signed in with MFA, so that looking adds nobody to the lists."""
    sign_in(client, alejandra)
    return client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue().decode() if response.streaming else response.content.decode()


def looked_at(tenant: PartnerTenant) -> None:
    """A snapshot later than everything that was done so far."""
    snapshot(tenant)
    StatusSnapshot.objects.filter(tenant=tenant).update(taken_at=timezone.now() + timedelta(seconds=1))


def test_each_cause_is_a_group_with_its_count_and_the_place_of_its_fix(
    browser: Client, contoso: PartnerTenant, settings: Settings
) -> None:
    settings.ADMIN_CENTER_URL = "http://localhost:8001/admin"
    finding(contoso, JANE, "excluded", policy="Staff", policy_id="p-1", without=3)
    finding(contoso, JOHN, "excluded", policy="Staff", policy_id="p-1", without=2)
    finding(contoso, "tail@contoso.example", "tail", without=9)
    page = text(browser, STATUS)
    assert f'<a href="{CAUSES}?cause=excluded">Excluded from the policy</a>' in page
    assert f"http://localhost:8001/admin/policies/p-1?tenant={contoso.pk}" in page
    assert '<td class="num">2</td><td class="num">5</td>' in page
    assert page.index("Excluded from the policy") < page.index("Put right, and leaving the window by itself")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "https://entra.microsoft.com",
            "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/PolicyBlade/policyId/p-1",
        ),
        ("", ""),
    ],
)
def test_the_place_of_a_fix_follows_the_setting(
    browser: Client, contoso: PartnerTenant, settings: Settings, address: str, expected: str
) -> None:
    settings.ADMIN_CENTER_URL = address
    row = finding(contoso, JANE, "excluded", policy="Staff", policy_id="p-1")
    page = text(browser, f"{CAUSES}/{row.pk}")
    assert "Remove the exclusion from the policy" in page
    assert (f'href="{expected}"' in page) is bool(expected)


@pytest.mark.parametrize(("cause", "application"), [("grant-without-mfa", APPLICATION), ("unknown", PORTAL)])
def test_consent_is_given_anew_to_that_application_and_reading_allowed_to_the_portal(
    browser: Client, contoso: PartnerTenant, settings: Settings, cause: str, application: str
) -> None:
    settings.ADMIN_CENTER_URL = "http://localhost:8001/admin"
    row = finding(contoso, JANE, cause, channel="app+user", application_id=APPLICATION)
    assert f"http://localhost:8001/admin/applications/{application}?" in text(browser, f"{CAUSES}/{row.pk}")


def test_no_exclusion_is_to_be_removed_for_an_account_for_emergencies(
    browser: Client, contoso: PartnerTenant, settings: Settings
) -> None:
    settings.ADMIN_CENTER_URL = "http://localhost:8001/admin"
    row = finding(contoso, JANE, "excluded", policy="Staff", policy_id="p-1", detail={"emergency": True})
    page = text(browser, f"{CAUSES}/{row.pk}")
    assert "Have a person&#x27;s account do the work instead" in page
    assert "Remove the exclusion" not in page
    assert "/admin/policies" not in page


def test_something_new_since_the_last_look_is_told_and_listed(browser: Client, contoso: PartnerTenant) -> None:
    use(contoso, JANE, 2)
    looked_at(contoso)
    row = finding(contoso, JANE, "not-enforced")
    Finding.objects.filter(pk=row.pk).update(last_without_mfa_at=_last(contoso))
    assert STALE not in text(browser, STATUS)
    assert "Not looked at yet" not in text(browser, CAUSES)
    use(contoso, JOHN, 1)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    StatusSnapshot.objects.filter(tenant=contoso).update(taken_at=an_hour_ago)
    Finding.objects.filter(tenant=contoso).update(found_at=an_hour_ago)
    assert STALE in text(browser, STATUS)
    page = text(browser, CAUSES)
    assert "Not looked at yet" in page
    assert page.count(JOHN) == 1


def test_an_application_that_was_not_looked_at_yet_has_its_name(browser: Client, contoso: PartnerTenant) -> None:
    ApplicationName.objects.create(tenant=contoso, application_id=APPLICATION, name="Invoices")
    use(contoso, JOHN, 1, channel=Channel.APP_AND_USER, application=APPLICATION)
    assert "<td>Invoices</td>" in text(browser, CAUSES)


@pytest.mark.parametrize("read_before", [True, False])
def test_a_directory_that_was_not_read_explains_nothing_and_promises_no_date(
    browser: Client, contoso: PartnerTenant, read_before: bool
) -> None:
    if read_before:
        snapshot(contoso, days_ago=3)
    use(contoso, JANE, 2, days_ago=1)
    snapshot(contoso, enabled_accounts=None, enforced_accounts=None, problem="unavailable")
    page = text(browser, STATUS)
    assert STALE in page
    assert "No date for 100% yet: operations without MFA go on." in page
    assert "in the last 7 days nothing was done without MFA" not in page
    assert "Nothing was done without MFA" not in text(browser, CAUSES)


def test_what_was_found_today_stays_known_when_the_next_reading_fails(browser: Client, contoso: PartnerTenant) -> None:
    use(contoso, JANE, 2, days_ago=1)
    finding(contoso, JANE, "tail", days_ago=1, found_at=timezone.now())
    snapshot(contoso, enabled_accounts=None, enforced_accounts=None, problem="unavailable")
    page = text(browser, STATUS)
    assert STALE not in page
    assert "if nothing more is done without MFA" in page


def test_uses_too_many_to_be_looked_at_promise_no_date(
    browser: Client, contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(contoso, JANE, 2, days_ago=1)
    looked_at(contoso)
    finding(contoso, JANE, "tail", days_ago=1)
    assert "if nothing more is done without MFA" in text(browser, STATUS)
    monkeypatch.setattr(below, "MOST", 1)
    assert "No date for 100% yet: operations without MFA go on." in text(browser, STATUS)


@pytest.mark.parametrize(
    ("cause", "days_ago", "new"), [("excluded", 1, False), ("tail", 1, True), ("excluded", 7, True)]
)
def test_that_what_is_known_goes_on_is_nothing_new(
    browser: Client, contoso: PartnerTenant, cause: str, days_ago: int, new: bool
) -> None:
    finding(contoso, JANE, cause, days_ago=days_ago)
    use(contoso, JANE, 5)
    assert (STALE in text(browser, STATUS)) is new
    assert ("Not looked at yet" in text(browser, CAUSES)) is new


def _last(tenant: PartnerTenant) -> Any:
    row = uses_without_mfa(tenant.pk, now=timezone.now()).first()
    assert row is not None
    return row["last_without"]


def test_what_has_left_the_window_keeps_no_figure_down(browser: Client, contoso: PartnerTenant) -> None:
    row = finding(contoso, JANE, "tail", days_ago=7)
    assert "Nothing: in the last 7 days nothing was done without MFA." in text(browser, STATUS)
    assert JANE not in text(browser, CAUSES)
    assert browser.get(f"{CAUSES}/{row.pk}").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", [JANE, JOHN]),
        ("?sort=without", [JOHN, JANE]),
        ("?cause=legacy", [JOHN]),
        ("?channel=app%2Buser", [JOHN]),
        ("?application=20000000-0000-4000-8000-000000000001", [JOHN]),
        ("?q=Staff", [JANE]),
    ],
)
def test_the_list_is_narrowed_sorted_and_exported(
    browser: Client, contoso: PartnerTenant, query: str, names: list[str]
) -> None:
    finding(contoso, JANE, "excluded", policy="Staff", without=9)
    application = "20000000-0000-4000-8000-000000000001"
    finding(contoso, JOHN, "legacy", channel="app+user", application_id=application, application_name="Tool", without=2)
    lines = text(browser, f"{CAUSES}{query}{'&' if query else '?'}format=csv").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == names
    assert all(name in text(browser, f"{CAUSES}{query}") for name in names)


@pytest.mark.parametrize(
    ("cause", "values", "sentence"),
    [
        ("excluded", {"policy": "Staff"}, f"The policy “Staff” asks for MFA and excludes {JANE}."),
        ("excluded", {"detail": {"emergency": True}},
         f"{JANE} is an account for emergencies, which the directory asks for nothing."),
        ("condition-not-met", {"policy": "Staff"}, f"The policy “Staff” asks {JANE} under conditions only."),
        ("unknown", {"detail": {"unread": ["per-user", "policies"]}},
         "The directory kept back: per-user MFA, conditional access policies."),
        ("federated-without-proof", {},
         f"{JANE} signed in at the organization&#x27;s own provider, whose answer carried no proof of MFA."),
        ("tail", {"detail": {"gone": True}}, f"The account of {JANE} is no longer in the directory."),
        ("tail", {"detail": {"disabled": True}}, f"The account of {JANE} is disabled."),
        ("tail", {"detail": {"enforced_by": "per-user"}}, f"MFA is enforced for {JANE} by now: Per-user MFA."),
        ("tail", {}, f"What let {JANE} work without MFA has been put right."),
    ],
)  # fmt: skip
def test_a_persons_page_says_why_with_the_values(
    browser: Client, contoso: PartnerTenant, cause: str, values: dict[str, Any], sentence: str
) -> None:
    row = finding(contoso, JANE, cause, **values)
    assert sentence in text(browser, f"{CAUSES}/{row.pk}")


@pytest.mark.parametrize(("role", "told"), [(Role.ADMIN_AGENT, True), (Role.GLOBAL_ADMIN, False)])
def test_whoever_cannot_change_the_directory_is_told_who_can(
    client: Client, sign_in: SignIn, alejandra: User, role: Role, told: bool
) -> None:
    sign_in(client, alejandra, roles=[role])
    row = finding(alejandra.tenant, JANE, "not-enforced")
    said = "A Global admin or Security admin of your organization can do this."
    assert (said in text(client, f"{CAUSES}/{row.pk}")) is told


def test_every_cause_has_a_page(browser: Client, contoso: PartnerTenant) -> None:
    for cause in Cause:
        row = finding(contoso, f"{cause}@contoso.example", cause)
        assert row.user_name in text(browser, f"{CAUSES}/{row.pk}")
    assert len(text(browser, f"{CAUSES}?format=csv").splitlines()) == 1 + len(Cause)


def test_the_person_of_another_tenant_is_not_there(
    client: Client, sign_in: SignIn, olga: User, contoso: PartnerTenant
) -> None:
    row = finding(contoso, JANE, "not-enforced")
    sign_in(client, olga)
    assert client.get(f"{CAUSES}/{row.pk}").status_code == 404
    assert JANE not in text(client, CAUSES)
    assert "Nothing enforces MFA" not in text(client, STATUS)


def test_a_sovereign_tenant_has_no_causes(browser: Client, contoso: PartnerTenant) -> None:
    row = finding(contoso, JANE, "not-enforced")
    PartnerTenant.objects.filter(pk=contoso.pk).update(cloud="usgov")
    assert browser.get(CAUSES).status_code == 404
    assert browser.get(f"{CAUSES}/{row.pk}").status_code == 404


def test_more_people_cost_no_more_queries(browser: Client, contoso: PartnerTenant) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            text(browser, address)
        return len(queries)

    looked_at(contoso)
    one = finding(contoso, JANE, "not-enforced")
    use(contoso, JOHN, 2)
    few = [cost(address) for address in (STATUS, CAUSES, f"{CAUSES}/{one.pk}")]
    for number in range(20):
        use(contoso, f"u{number}@contoso.example", 2)
        finding(contoso, f"p{number}@contoso.example", "excluded")
    assert [cost(address) for address in (STATUS, CAUSES, f"{CAUSES}/{one.pk}")] == few
