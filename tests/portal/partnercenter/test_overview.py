"""The overview: what each role sees before and after verification."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from tests.portal.conftest import SignIn

ADDRESS = "/dashboard/overview"
CUSTOMERS, REQUESTS, BILLING = "See all customers", "See all requests", "See all invoices"
VERIFY, HEALTH = "Verify to view", "See service health"


def page(client: Client) -> str:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.requirement("M1")
def test_an_admin_agent_with_mfa_sees_every_figure(client: Client, sign_in: SignIn, alejandra: User) -> None:
    sign_in(client, alejandra)
    html = page(client)
    for link in (CUSTOMERS, REQUESTS, BILLING, HEALTH):
        assert link in html
    assert VERIFY not in html


@pytest.mark.requirement("M11")
def test_before_verification_no_figure_of_a_protected_area_is_shown(
    client: Client, sign_in: SignIn, alejandra: User
) -> None:
    sign_in(client, alejandra, mfa=False)
    html = page(client)
    assert html.count(VERIFY) == 3
    for link in (CUSTOMERS, REQUESTS, BILLING):
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
        (Role.SECURITY_ADMIN, set()),
    ],
)
def test_cards_of_areas_without_the_role_are_not_there(
    client: Client, sign_in: SignIn, alejandra: User, role: Role, seen: set[str]
) -> None:
    sign_in(client, alejandra, roles=[role])
    html = page(client)
    assert {link for link in (CUSTOMERS, REQUESTS, BILLING) if link in html} == seen


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
    with django_assert_num_queries(6):  # type: ignore[operator] -- session, four cards, operation log
        page(client)


def test_the_account_card_asks_about_the_page_it_stands_on(client: Client, sign_in: SignIn, alejandra: User) -> None:
    sign_in(client, alejandra)
    assert 'href="/dashboard/me/why?path=%2Fdashboard%2Foverview"' in page(client)
