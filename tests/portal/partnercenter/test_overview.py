"""The overview: what each role sees before and after verification."""

import pytest
from django.test import Client

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from tests.portal.conftest import SignIn
from tests.portal.security.factory import snapshot

ADDRESS = "/dashboard/overview"
CUSTOMERS, REQUESTS, BILLING = "See all customers", "See all requests", "See all invoices"
SECURITY = "See the security workspace"
VERIFY, HEALTH = "Verify to view", "See service health"
STATUS = "See the security requirements status"


def page(client: Client) -> str:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.requirement("M1")
def test_an_admin_agent_with_mfa_sees_every_figure(client: Client, sign_in: SignIn, alejandra: User) -> None:
    sign_in(client, alejandra)
    html = page(client)
    for link in (CUSTOMERS, REQUESTS, BILLING, SECURITY, HEALTH):
        assert link in html
    assert VERIFY not in html


@pytest.mark.requirement("M11")
def test_before_verification_no_figure_of_a_protected_area_is_shown(
    client: Client, sign_in: SignIn, alejandra: User
) -> None:
    sign_in(client, alejandra, mfa=False)
    html = page(client)
    assert html.count(VERIFY) == 4
    for link in (CUSTOMERS, REQUESTS, BILLING, SECURITY):
        assert link not in html
    assert HEALTH in html


@pytest.mark.requirement("M12")
@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.SALES_AGENT, {CUSTOMERS}),
        (Role.HELPDESK_AGENT, {CUSTOMERS, REQUESTS}),
        (Role.BILLING_ADMIN, {BILLING}),
        (Role.GLOBAL_ADMIN, {BILLING}),
        (Role.SECURITY_ADMIN, {SECURITY}),
    ],
)
def test_cards_of_areas_without_the_role_are_not_there(
    client: Client, sign_in: SignIn, alejandra: User, role: Role, seen: set[str]
) -> None:
    sign_in(client, alejandra, roles=[role])
    html = page(client)
    assert {link for link in (CUSTOMERS, REQUESTS, BILLING, SECURITY) if link in html} == seen


@pytest.mark.requirement("V4")
def test_a_blocked_person_reads_that_the_mfa_is_not_recognized(client: Client, sign_in: SignIn, trent: User) -> None:
    sign_in(client, trent, mfa=False, blocked=True)
    assert "MFA is not recognized" in page(client)


def test_a_person_without_a_role_still_has_an_overview(client: Client, sign_in: SignIn, alejandra: User) -> None:
    sign_in(client, alejandra, mfa=False, roles=[])
    assert HEALTH in page(client)


def test_the_overview_reads_one_row_a_card(
    client: Client, sign_in: SignIn, alejandra: User, django_assert_num_queries: object
) -> None:
    sign_in(client, alejandra)
    page(client)
    with django_assert_num_queries(8):  # type: ignore[operator] -- session, six cards, operation log
        page(client)


def test_the_account_card_asks_about_the_page_it_stands_on(client: Client, sign_in: SignIn, alejandra: User) -> None:
    sign_in(client, alejandra)
    assert 'href="/dashboard/me/why?path=%2Fdashboard%2Foverview"' in page(client)


@pytest.mark.requirement("M9", "Q2")
def test_the_mfa_status_is_shown_without_verification_as_of_the_last_snapshot(
    client: Client, sign_in: SignIn, alejandra: User, contoso: PartnerTenant
) -> None:
    snapshot(contoso, days_ago=1, enforced_accounts=10)
    snapshot(contoso, enforced_accounts=90)
    sign_in(client, alejandra, mfa=False)
    html = page(client)
    assert STATUS in html
    assert '<span class="metric-value">90%</span>' in html
    assert "Through Partner Center 20%, through API or SDK 40%" in html


def test_before_the_first_snapshot_the_mfa_status_has_no_figure(
    client: Client, sign_in: SignIn, alejandra: User
) -> None:
    sign_in(client, alejandra)
    assert "Not computed yet" in page(client)


@pytest.mark.requirement("Q6")
def test_a_sovereign_tenants_overview_has_no_figure_of_the_mfa_status(
    client: Client, sign_in: SignIn, alejandra: User, contoso: PartnerTenant
) -> None:
    contoso.cloud = "germany"
    contoso.save()
    snapshot(contoso)
    sign_in(client, alejandra)
    html = page(client)
    assert "Not offered in this cloud" in html
    assert "90%" not in html


@pytest.mark.requirement("M9")
def test_who_may_not_read_the_mfa_status_has_no_card_of_it(client: Client, sign_in: SignIn, alejandra: User) -> None:
    sign_in(client, alejandra, roles=[Role.SECURITY_ADMIN])
    assert STATUS not in page(client)
