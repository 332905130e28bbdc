"""The page Security requirements status: the three figures, what they stand on, and when (Q1 to Q4, Q6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from activity.models import Channel
from security.services import Outcome, Refreshed
from security.views import report as view
from tests.portal.conftest import SignIn
from tests.portal.security.factory import (
    APPLICATION,
    account,
    documented_api_use,
    documented_portal_use,
    snapshot,
    use,
)

STATUS = "/dashboard/account/security-requirements"


def shown(client: Client, query: str = "") -> str:
    response = client.get(f"{STATUS}{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def browser(client: Client, sign_in: SignIn, alejandra: User) -> Client:
    sign_in(client, alejandra, mfa=False)
    return client


@pytest.mark.requirement("Q2")
def test_90_of_100_enabled_accounts_are_90_percent(browser: Client, contoso: PartnerTenant) -> None:
    snapshot(contoso, enabled_accounts=100, enforced_accounts=90)
    page = shown(browser)
    assert '<span class="metric-value">90%</span>' in page
    assert "90 of 100 enabled accounts" in page


@pytest.mark.requirement("Q3")
def test_2_of_10_operations_with_mfa_are_20_percent(browser: Client, contoso: PartnerTenant) -> None:
    documented_portal_use(contoso)
    page = shown(browser)
    assert '<span class="metric-value">20%</span>' in page
    assert "2 of 10 operations" in page


@pytest.mark.requirement("Q4")
def test_2_of_5_requests_with_mfa_are_40_percent_and_app_only_is_left_out(
    browser: Client, contoso: PartnerTenant
) -> None:
    documented_api_use(contoso)
    page = shown(browser)
    assert '<span class="metric-value">40%</span>' in page
    assert "2 of 5 requests" in page


@pytest.mark.requirement("Q1", "Q10")
def test_the_eighth_day_back_counts_no_more(browser: Client, contoso: PartnerTenant) -> None:
    use(contoso, "jane", 4, 4, days_ago=6)
    use(contoso, "jane", 4, 0, days_ago=7)
    assert "4 of 4 operations" in shown(browser)


@pytest.mark.parametrize(
    ("with_mfa", "percent", "state"),
    [(1000, "100%", "Target reached"), (999, "99%", "Below the target"), (0, "0%", "Below the target")],
)
def test_only_every_single_one_is_100_percent(
    browser: Client, contoso: PartnerTenant, with_mfa: int, percent: str, state: str
) -> None:
    use(contoso, "jane", 1000, with_mfa)
    page = shown(browser)
    assert f'<span class="metric-value">{percent}</span>' in page
    assert state in page


def test_where_nothing_happened_there_is_a_dash_and_a_reason(browser: Client) -> None:
    page = shown(browser)
    assert page.count('<span class="metric-value">—</span>') == 3
    assert "Nobody used Partner Center in the last 7 days" in page
    assert "No application called the API for a user in the last 7 days" in page
    assert "The directory is read once a day" in page


def test_the_seven_days_are_drawn_and_told_in_a_table(browser: Client, contoso: PartnerTenant) -> None:
    documented_portal_use(contoso)
    page = shown(browser)
    assert page.count('<rect class="chart-slot"') == 7
    assert page.count('<td class="num">0%</td>') == 2
    assert page.count('<td class="num">100%</td>') == 1
    assert ": 0 of 5 operations, 0%</title>" in page


@pytest.mark.requirement("Q5")
def test_reasons_of_accounts_that_are_not_enforced_lead_to_those_accounts(
    browser: Client, contoso: PartnerTenant
) -> None:
    snapshot(contoso)
    for name in ("Ann", "Bob"):
        account(contoso, name, enforced_by="", obstacle="excluded")
    account(contoso, "Cleo", enforced_by="", obstacle="excluded", enabled=False)
    page = shown(browser)
    link = f'<a href="{STATUS}/accounts?enforced=no&amp;obstacle=excluded">Excluded from the policy</a>: 2</li>'
    assert link in page


@pytest.mark.parametrize(
    ("problem", "said", "advice"),
    [
        ("Authorization_RequestDenied", "Authorization_RequestDenied", "A Global admin of your organization checks"),
        ("no-directory", "This portal is connected to no directory.", "Whoever runs this portal connects it"),
        ("unavailable", "The directory did not answer.", "It is tried again by itself within an hour."),
    ],
)
def test_a_directory_that_could_not_be_read_is_said_with_its_word_and_what_to_do(
    browser: Client, contoso: PartnerTenant, problem: str, said: str, advice: str
) -> None:
    snapshot(contoso, days_ago=1)
    snapshot(contoso, enabled_accounts=None, enforced_accounts=None, problem=problem)
    page = shown(browser)
    assert "The directory could not be read" in page
    assert f"The accounts were not counted at the last attempt: {said}" in page
    assert advice in page
    assert ": 90 of 100 enabled accounts." in page
    assert page.count('<span class="metric-value">—</span>') == 3


@pytest.mark.parametrize(("query", "dots"), [("", 2 * 3), ("?days=30", 2 * 3), ("?days=90", 3 * 3), ("?days=x", 2 * 3)])
def test_the_trend_has_a_dot_for_each_snapshot_of_the_period(
    browser: Client, contoso: PartnerTenant, query: str, dots: int
) -> None:
    for days_ago in (0, 29, 30, 90):
        snapshot(contoso, days_ago=days_ago)
    page = shown(browser, query)
    assert page.count('<circle class="chart-dot"') == dots
    assert page.split("Daily snapshots")[-1].count('<th scope="row">') == dots // 3


def test_a_snapshot_without_a_figure_is_a_gap_in_the_line(browser: Client, contoso: PartnerTenant) -> None:
    for days_ago in (0, 1, 3, 4):
        snapshot(contoso, days_ago=days_ago)
    snapshot(contoso, days_ago=2, enabled_accounts=None, enforced_accounts=None, api_requests=0, api_with_mfa=0)
    assert shown(browser).count("<polyline") == 2 + 1 + 2


@pytest.mark.requirement("Q2")
@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_the_day_on_which_all_accounts_are_enforced_at_this_pace_is_named(
    browser: Client, contoso: PartnerTenant, language: str
) -> None:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for days_ago in range(5):
        snapshot(contoso, days_ago=days_ago, enforced_accounts=90 - 2 * days_ago)
    with translation.override(language):
        assert date_format(timezone.now().date() + timedelta(days=5)) in shown(browser)


@pytest.mark.requirement("Q2")
def test_why_no_day_is_named_is_said(browser: Client, contoso: PartnerTenant) -> None:
    snapshot(contoso)
    assert "No date for 100% yet: it takes 5 daily figures of the last 14 days." in shown(browser)


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize("cloud", ["usgov", "germany"])
def test_a_sovereign_tenant_sees_a_note_and_no_figure(browser: Client, contoso: PartnerTenant, cloud: str) -> None:
    contoso.cloud = cloud
    contoso.save()
    snapshot(contoso)
    documented_portal_use(contoso)
    page = shown(browser)
    assert "Not offered in this cloud" in page
    assert "%" not in page.split("<main")[1]
    assert "Recompute now" not in page


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/accounts",
        "/accounts?format=csv",
        "/portal-requests",
        "/portal-requests/file",
        "/api-requests",
        "/api-requests/file",
        "/api-requests/all",
    ],
)
def test_a_sovereign_tenant_has_no_list_and_no_file(browser: Client, contoso: PartnerTenant, path: str) -> None:
    contoso.cloud = "usgov"
    contoso.save()
    assert browser.get(f"{STATUS}{path}").status_code == 404
    assert browser.post(f"{STATUS}/recompute").status_code == 404


def test_the_page_costs_eight_queries_however_much_there_is(
    browser: Client, contoso: PartnerTenant, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(8):  # session, snapshots, two windows, obstacles, causes, what is new, operation log
        shown(browser)
    for number in range(5):
        snapshot(contoso, days_ago=number)
        account(contoso, f"Person {number}", enforced_by="", obstacle="nothing")
        use(contoso, f"person-{number}", 3, days_ago=number)
        use(contoso, f"person-{number}", 3, days_ago=number, channel=Channel.APP_AND_USER, application=APPLICATION)
    with django_assert_num_queries(8):
        shown(browser, "?days=90")


@pytest.mark.parametrize(
    ("refreshed", "said"),
    [
        (Outcome.TAKEN, "The figures were computed."),
        (Outcome.UNREAD, "The directory could not be read, so only the other figures were computed."),
        (Outcome.TOO_SOON, "They can be computed again at"),
    ],
)
def test_recomputing_says_whether_it_was_done_or_when_it_can_be(
    browser: Client, contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch, refreshed: Outcome, said: str
) -> None:
    asked = []

    def refresh(**wanted: Any) -> Refreshed:
        asked.append(wanted)
        return Refreshed(refreshed, timezone.now() + timedelta(seconds=30))

    monkeypatch.setattr(view, "refresh", refresh)
    response = browser.post(f"{STATUS}/recompute")
    assert response["Location"] == STATUS
    assert said in shown(browser)
    assert asked == [{"tenant": contoso, "actor": "alejandra@contoso.example"}]


def test_recomputing_is_no_link(browser: Client) -> None:
    assert browser.get(f"{STATUS}/recompute").status_code == 405


@pytest.mark.requirement("M9", "S9")
def test_a_cpv_admin_lands_on_the_status_and_sees_only_that(client: Client, sign_in: SignIn, cpv_admin: User) -> None:
    sign_in(client, cpv_admin, mfa=False)
    assert client.get("/")["Location"] == STATUS
    documented_portal_use(cpv_admin.tenant)
    page = shown(client)
    assert "2 of 10 operations" in page
    rail = page.split('id="rail"')[1].split("</nav>")[0]
    assert rail.count("<a ") == 1
    for other in ("/dashboard/overview", "/dashboard/help", "/dashboard/account/users", "/commerce/customers"):
        assert client.get(other).status_code == 403


@pytest.mark.requirement("M9")
@pytest.mark.parametrize("preset", ["page-list", "all-pages"])
def test_the_status_is_readable_without_mfa_under_every_preset(browser: Client, settings: Any, preset: str) -> None:
    settings.ACCESS_PRESET = preset
    shown(browser)


@pytest.mark.requirement("M9", "M12")
@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.HELPDESK_AGENT, Role.BILLING_ADMIN, Role.SECURITY_ADMIN, None])
def test_other_roles_neither_read_nor_recompute(
    client: Client, sign_in: SignIn, alejandra: User, role: Role | None
) -> None:
    sign_in(client, alejandra, roles=[role] if role else [])
    assert client.get(STATUS).status_code == 403
    assert client.post(f"{STATUS}/recompute").status_code == 403


@pytest.mark.requirement("Q1")
def test_the_account_settings_in_the_navigation_lead_to_the_status(browser: Client) -> None:
    page = browser.get("/dashboard/overview").content.decode()
    assert f'href="{STATUS}"' in page.split('id="rail"')[1].split("</nav>")[0]


def test_nothing_of_another_partner_is_counted(
    client: Client, sign_in: SignIn, olga: User, contoso: PartnerTenant
) -> None:
    documented_portal_use(contoso)
    documented_api_use(contoso)
    snapshot(contoso)
    account(contoso, "Ann", enforced_by="", obstacle="excluded")
    sign_in(client, olga)
    page = shown(client)
    assert page.count('<span class="metric-value">—</span>') == 3
    assert "Excluded from the policy" not in page
    assert "No snapshots in this period" in page
