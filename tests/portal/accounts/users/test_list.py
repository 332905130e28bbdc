"""The list of people: what is asked of the directory for it, and what it shows (M8, M15)."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from tests.portal.accounts.users.conftest import LIST
from tests.portal.accounts.users.people import SALES_AGENTS, TIER_1, FakeDirectory, user_id
from tests.portal.conftest import SignIn

pytestmark = pytest.mark.requirement("M8")
APP = {"id": "app-1", "@odata.type": "#microsoft.graph.softwareOathAuthenticationMethod"}


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(LIST + query).context["page"]
    return [row[0].value for row in page.rows]


@pytest.fixture
def crowd(people: FakeDirectory, admin: User) -> FakeDirectory:
    """Alejandra, who signed in yesterday with an app, and people who differ in one thing each."""
    now = datetime.now(UTC)
    people.methods[admin.oid] = [APP]
    people.signed_in[admin.oid] = f"{now - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    people.add(11, "Gustav Gast", "gustav#EXT#@contoso.example", userType="Guest", mail="gustav@elsewhere.example")
    people.add(12, "Sync service", "sync@contoso.example", employeeType="service")
    people.signed_in[user_id(12)] = f"{now - timedelta(days=40):%Y-%m-%dT%H:%M:%SZ}"
    people.add(13, "Hiro Tanaka", "helpdesk@contoso.example")
    people.members[TIER_1].add(user_id(13))
    return people


def test_everybody_of_the_directory_is_listed_guests_too(client: Client, crowd: FakeDirectory) -> None:
    assert names(client) == ["Alejandra Ruiz", "Gustav Gast", "Hiro Tanaka", "Sync service"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=hir", ["Hiro Tanaka"]),
        ("?q=sync@", ["Sync service"]),
        ("?type=guest", ["Gustav Gast"]),
        ("?class=service", ["Sync service"]),
        ("?mfa=registered", ["Alejandra Ruiz"]),
        ("?mfa=not-registered&type=member", ["Hiro Tanaka", "Sync service"]),
        ("?last=never", ["Gustav Gast", "Hiro Tanaka"]),
        ("?last=over-30-days", ["Sync service"]),
        ("?last=within-30-days", ["Alejandra Ruiz"]),
        ("?role=global-admin", ["Alejandra Ruiz"]),
        ("?role=helpdesk-agent", ["Hiro Tanaka"]),
        ("?role=helpdesk-agent&mfa=registered", []),
        ("?role=admin-agent&last=within-30-days", ["Alejandra Ruiz"]),
        ("?sort=-name", ["Sync service", "Hiro Tanaka", "Gustav Gast", "Alejandra Ruiz"]),
        ("?sort=sign-in-name", ["Alejandra Ruiz", "Gustav Gast", "Hiro Tanaka", "Sync service"]),
    ],
)
def test_search_filters_and_order_narrow_the_list(
    client: Client, crowd: FakeDirectory, query: str, expected: list[str]
) -> None:
    assert names(client, query) == expected


def test_a_quote_in_the_search_is_text_and_no_condition(client: Client, crowd: FakeDirectory) -> None:
    crowd.add(14, "O'Brien", "obrien@contoso.example")
    client.get(LIST + "?q=O'Brien")
    assert "startswith%28displayName%2C%27O%27%27Brien%27%29" in crowd.asked[0][1]


@pytest.mark.parametrize(
    ("query", "calls"),
    [("", 3), ("?mfa=not-registered", 3), ("?role=sales-agent", 3), ("?role=sales-agent&mfa=not-registered", 3)],
)
def test_adding_users_adds_no_call_to_the_directory(
    client: Client, people: FakeDirectory, admin: User, query: str, calls: int
) -> None:
    """A page of thirty: the collection, and two batches for what others know: thirty people's roles among it."""
    for number in range(100, 140):
        people.members[SALES_AGENTS].add(people.add(number, f"Person {number}", f"p{number}@contoso.example"))
    client.get(LIST + query)
    assert len(people.asked) == calls
    for number in range(140, 400):
        people.members[SALES_AGENTS].add(people.add(number, f"Person {number}", f"p{number}@contoso.example"))
    people.asked.clear()
    client.get(LIST + query)
    assert len(people.asked) == calls


@pytest.mark.parametrize("query", ["", "?role=helpdesk-agent", "?mfa=not-registered"])
def test_each_person_is_shown_with_all_roles_those_of_nested_groups_too(
    client: Client, crowd: FakeDirectory, query: str
) -> None:
    page = client.get(LIST + query).context["page"]
    shown = {row[0].value: [str(label) for label in row[2].value] for row in page.rows}
    expected = {"Alejandra Ruiz": ["Admin agent", "Global admin"], "Hiro Tanaka": ["Helpdesk agent"], "Gustav Gast": []}
    assert shown == {name: expected.get(name, []) for name in shown}
    assert "Hiro Tanaka" in shown


def test_somebody_who_is_gone_meanwhile_takes_nobody_elses_roles_along(client: Client, crowd: FakeDirectory) -> None:
    crowd.refuse.append(("GET", f"{user_id(13)}/transitiveMemberOf", 404, "Request_ResourceNotFound"))
    rows = {row[0].value: row[2].value for row in client.get(LIST).context["page"].rows}
    assert [str(label) for label in rows["Hiro Tanaka"]] == ["Unknown"]
    assert [str(label) for label in rows["Alejandra Ruiz"]] == ["Admin agent", "Global admin"]


def test_registrations_the_directory_keeps_back_are_its_refusal(client: Client, crowd: FakeDirectory) -> None:
    crowd.refuse.append(("GET", "userRegistrationDetails", 403, "Authorization_RequestDenied"))
    assert client.get(LIST).status_code == 403


def test_the_file_costs_the_same_calls_for_many_people(client: Client, people: FakeDirectory, admin: User) -> None:
    """Registrations, the holders of six roles, and the users, a thousand a page."""
    for number in range(100, 400):
        people.add(number, f"Person {number}", f"p{number}@contoso.example")
    client.get(LIST + "?format=csv").getvalue()
    assert len(people.asked) == 8


def test_paging_shows_everybody_once_and_the_links_hold_no_address(
    client: Client, people: FakeDirectory, admin: User
) -> None:
    for number in range(100, 170):
        people.add(number, f"Person {number}", f"p{number}@contoso.example")
    seen, query = names(client), client.get(LIST).context["page"].next
    while query:
        assert people.base not in query
        assert "skiptoken" not in query
        page = client.get(LIST + query).context["page"]
        seen += [row[0].value for row in page.rows]
        query = page.next
    assert seen == ["Alejandra Ruiz", *(f"Person {number}" for number in range(100, 170))]


@pytest.mark.parametrize("token", ["http://127.0.0.1:1/v1.0/users", "tampered"])
def test_a_page_address_from_outside_is_not_called(
    client: Client, people: FakeDirectory, admin: User, token: str
) -> None:
    response = client.get(LIST, {"after": token})
    assert response.status_code == 400
    assert "the list starts anew" in response.content.decode()
    assert all("skiptoken" not in path for _method, path in people.asked)


def test_a_page_link_of_another_filter_or_another_tenant_starts_anew(
    client: Client, people: FakeDirectory, admin: User, olga: User, sign_in: SignIn
) -> None:
    for number in range(100, 170):
        people.add(number, f"Person {number}", f"p{number}@contoso.example")
    link = client.get(LIST).context["page"].next
    assert client.get(f"{LIST}{link}&type=guest").status_code == 400
    sign_in(client, olga)
    assert client.get(LIST + link).status_code == 400


@pytest.mark.parametrize("query", ["?role=operator", "?class=robot", "?last=yesterday", "?sort=mail", "?format=xml"])
def test_a_bad_value_is_named_on_the_page(client: Client, crowd: FakeDirectory, query: str) -> None:
    assert client.get(LIST + query).status_code == 400


def test_the_file_has_everybody_filtered_and_no_formula(client: Client, crowd: FakeDirectory) -> None:
    crowd.add(15, "=cmd()", "evil@contoso.example")
    response = client.get(LIST + "?format=csv&type=member")
    assert response["Content-Disposition"].startswith('attachment; filename="users-')
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0][:5] == ["Name", "User name", "Roles", "Type", "Account class"]
    assert [row[2] for row in rows[1:]] == ["", "Admin agent, Global admin", "Helpdesk agent", ""]
    assert [row[0] for row in rows[1:]] == ["'=cmd()", "Alejandra Ruiz", "Hiro Tanaka", "Sync service"]
    assert client.get(LIST + "?format=csv&role=operator").status_code == 400


def test_the_file_of_a_role_and_a_registration_holds_those_alone(client: Client, crowd: FakeDirectory) -> None:
    text = client.get(LIST + "?format=csv&role=helpdesk-agent&mfa=not-registered").getvalue().decode()
    assert "Hiro Tanaka" in text
    assert "Alejandra" not in text


def test_an_admin_agent_sees_the_list_without_what_the_directory_keeps_from_them(
    client: Client, crowd: FakeDirectory, admin: User, sign_in: SignIn
) -> None:
    sign_in(client, admin, roles=[Role.ADMIN_AGENT])
    assert "Hiro Tanaka" in names(client)
    assert all("signInActivity" not in path and "reports" not in path for _method, path in crowd.asked)
    assert all("transitiveMemberOf" in url for url in crowd.batched)
    assert client.get(LIST + "?mfa=registered").status_code == 200  # no such filter for them: it narrows nothing
    assert "Invite guest" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["", "?format=csv"])
def test_a_directory_that_is_down_is_said_with_a_way_to_try_again(
    client: Client, people: FakeDirectory, admin: User, query: str
) -> None:
    people.down = True
    response = client.get(LIST + query)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "The directory does not answer" in response.content.decode()
    assert f'href="{LIST}{query}"' in response.content.decode()


def test_a_directory_that_wants_a_new_sign_in_leads_to_it(client: Client, people: FakeDirectory, admin: User) -> None:
    people.refuse.append(("GET", "/users$", 401, "InvalidAuthenticationToken"))
    response = client.get(LIST)
    assert response.status_code == 403
    assert "/oidc/step-up?next=%2Fdashboard%2Faccount%2Fusers" in response.content.decode()


@pytest.mark.requirement("M12")
@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.HELPDESK_AGENT, Role.BILLING_ADMIN, Role.SECURITY_ADMIN])
def test_other_roles_are_forbidden_and_the_directory_not_asked(
    client: Client, people: FakeDirectory, admin: User, sign_in: SignIn, role: Role
) -> None:
    sign_in(client, admin, roles=[role])
    assert client.get(LIST).status_code == 403
    assert people.asked == []


@pytest.mark.requirement("M23")
def test_a_verification_of_twenty_minutes_ago_is_asked_for_again(
    client: Client, people: FakeDirectory, admin: User, sign_in: SignIn
) -> None:
    sign_in(client, admin, verified_ago=timedelta(minutes=20))
    assert client.get(LIST)["Location"].startswith("/oidc/step-up")
    sign_in(client, admin, verified_ago=timedelta(minutes=10))
    assert client.get(LIST).status_code == 200


def test_the_gear_and_the_rail_lead_here(client: Client, people: FakeDirectory, admin: User, sign_in: SignIn) -> None:
    text = client.get("/dashboard/overview").content.decode()
    assert f'<a class="suite-sign" href="{LIST}"' in text
    sign_in(client, admin, roles=[Role.SALES_AGENT])
    assert LIST not in client.get("/dashboard/overview").content.decode()
