"""Refusal pages, *Why can I / can't I*, profile, matrix page, navigation: what a person reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Exemption, PartnerTenant, User
from accounts.roles import Role
from activity.models import AuditRecord, OperationRecord
from tests.portal.conftest import SignIn


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.requirement("M12")
def test_the_403_page_names_roles_held_roles_needed_and_who_grants(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john, mfa=False, roles=[Role.SALES_AGENT])
    page = text(client, "/dashboard/billing", 403)
    for words in ("<li>Sales agent</li>", "<li>Billing admin</li>", "<li>Admin agent</li>", "A Global admin of your"):
        assert words in page
    assert "<li>Security admin</li>" not in page


@pytest.mark.requirement("S9")
def test_a_control_panel_vendor_reads_why_the_portal_is_closed(
    client: Client, cpv_admin: User, sign_in: SignIn
) -> None:
    sign_in(client, cpv_admin)
    for path in ("/dashboard/overview", "/commerce", "/dashboard/me/profile"):
        assert "control panel vendor" in text(client, path, 403)


@pytest.mark.requirement("M12", "S9", "M21")
def test_nobody_is_told_to_ask_for_a_role_that_would_not_count(
    client: Client, cpv_admin: User, operator: User, sign_in: SignIn
) -> None:
    for user in (cpv_admin, operator):
        sign_in(client, user)
        page = text(client, "/commerce", 403)
        assert "none of these roles counts in your organization" in page
        assert "A Global admin of your" not in page


@pytest.mark.requirement("M14")
def test_the_blocked_page_says_what_came_what_is_needed_and_how_to_fix_it(
    client: Client, trent: User, sign_in: SignIn
) -> None:
    sign_in(client, trent, mfa=False, blocked=True)
    page = text(client, "/commerce/customers", 403)
    for words in ("amr: pwd", "AADSTS50158", "custom control can never", "authentication methods policy", "Try again"):
        assert words in page
    assert 'href="/oidc/step-up?next=%2Fcommerce%2Fcustomers"' in page


@pytest.mark.parametrize(
    ("mfa", "blocked", "roles", "path", "words"),
    [
        (True, False, [Role.ADMIN_AGENT], "/dashboard/billing", "You can open it."),
        (False, False, [Role.ADMIN_AGENT], "/dashboard/billing", "after you verify"),
        (False, True, [Role.ADMIN_AGENT], "/dashboard/billing", "is not recognized"),
        (False, False, [Role.SALES_AGENT], "/dashboard/billing", "you hold none of the roles"),
        (False, False, [], "/signed-out", "You can open it."),
        (False, False, [], "http://localhost:8000/dashboard/overview?x=1", "You can open it."),
        (False, False, [], "dashboard/overview", "You can open it."),
        (False, False, [], "/nowhere", "No row of the access matrix"),
        (False, False, [], "/commerce/../dashboard/overview", "No row of the access matrix"),
    ],
)
def test_why_answers_for_any_page(
    client: Client, john: User, sign_in: SignIn, mfa: bool, blocked: bool, roles: list[Role], path: str, words: str
) -> None:
    sign_in(client, john, mfa=mfa, roles=roles, blocked=blocked)
    response = client.get("/dashboard/me/why", {"path": path})
    assert words.replace("'", "&#x27;") in response.content.decode()


def test_why_shows_every_question_of_the_decision(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john, mfa=False)
    page = text(client, "/dashboard/me/why?path=/dashboard/billing")
    for question in ("Signed in?", "Is one of your roles allowed?", "Does a technical exception cover you?"):
        assert question in page


@pytest.mark.requirement("X4")
def test_an_exemption_opens_its_area_for_its_people_until_it_ends(
    client: Client, john: User, fabrikam: PartnerTenant, sign_in: SignIn
) -> None:
    until = timezone.now() + timedelta(days=1)
    exemption = Exemption.objects.create(tenant=fabrikam, areas=["customers"], until=until, reason="granted")
    sign_in(client, john, mfa=False)
    assert client.get("/commerce/customers").status_code == 302  # nobody is named yet
    exemption.users.add(john)
    assert client.get("/commerce/customers").status_code == 200
    assert client.get("/dashboard/billing").status_code == 302
    exemption.revoked_at = timezone.now()
    exemption.save()
    assert client.get("/commerce/customers").status_code == 302


def test_the_matrix_page_shows_the_table_that_is_enforced(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john, mfa=False, roles=[])
    page = text(client, "/dashboard/help/access-matrix")
    for words in ("Customers", "Billing", "Customer requests", "Helpdesk agent", "Any user"):
        assert words in page
    assert "Public pages" not in page


def rail(page: str) -> str:
    start = page.index('id="rail"')
    return page[start : page.index("</nav>", start)]


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.SALES_AGENT, ["/commerce/customers"], ["/dashboard/billing", "/dashboard/v2/support/customers"]),
        (Role.BILLING_ADMIN, ["/dashboard/billing"], ["/commerce/customers", "/dashboard/v2/support/customers"]),
        (Role.HELPDESK_AGENT, ["/commerce/customers", "/dashboard/v2/support/customers"], ["/dashboard/billing"]),
        (Role.SECURITY_ADMIN, ["/dashboard/overview"], ["/commerce/customers", "/dashboard/billing"]),
    ],
)
def test_navigation_hides_what_the_role_cannot_open(
    client: Client, john: User, sign_in: SignIn, role: Role, shown: list[str], hidden: list[str]
) -> None:
    sign_in(client, john, roles=[role])
    navigation = rail(text(client, "/dashboard/overview"))
    assert all(f'href="{path}"' in navigation for path in shown)
    assert not any(f'href="{path}"' in navigation for path in hidden)


def test_navigation_puts_a_lock_where_verification_will_be_asked(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john, mfa=False)
    assert "lock" in rail(text(client, "/dashboard/overview"))
    sign_in(client, john, mfa=True)
    assert "lock" not in rail(text(client, "/dashboard/overview"))


def test_profile_shows_account_roles_and_evidence(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john, mfa=True)
    page = text(client, "/dashboard/me/profile")
    for words in ("john@fabrikam.example", "Fabrikam", "<li>Admin agent</li>", "pwd, mfa"):
        assert words in page


def test_the_person_can_end_their_other_sessions(client: Client, john: User, olga: User, sign_in: SignIn) -> None:
    elsewhere, olgas = Client(), Client()
    sign_in(elsewhere, john)
    sign_in(olgas, olga)
    sign_in(client, john)
    assert "Sign out everywhere else" in text(client, "/dashboard/me/profile")
    assert client.post("/dashboard/me/sessions/end-others").status_code == 302
    assert elsewhere.get("/dashboard/overview").status_code == 302
    assert client.get("/dashboard/overview").status_code == 200
    assert olgas.get("/dashboard/overview").status_code == 200
    client.post("/dashboard/me/sessions/end-others")  # nothing left to end: nothing to record
    (record,) = AuditRecord.objects.filter(action="account.other-sessions-ended")
    assert (record.actor, record.subject, record.detail) == (john.oid, "john@fabrikam.example", {"sessions": 1})


@pytest.mark.requirement("M17")
@pytest.mark.parametrize("typed", ["http://[", "//[", "]", "http://a]b/commerce"])
def test_the_explanation_of_what_is_no_address_says_that_no_row_covers_it(
    client: Client, john: User, sign_in: SignIn, typed: str
) -> None:
    sign_in(client, john)
    response = client.get("/dashboard/me/why", {"path": typed})
    assert response.status_code == 200
    assert "No row of the access matrix covers this path" in response.content.decode()


@pytest.mark.parametrize("referer", ["http://[", "//[", "http://[::1"])
def test_a_referer_that_is_no_address_does_not_break_the_answer_to_a_form(
    client: Client, john: User, sign_in: SignIn, referer: str
) -> None:
    path = "/commerce/customers/add"
    signed_out = client.post(path, {}, headers={"Referer": referer})
    assert signed_out.status_code == 401
    assert 'href="/oidc/authenticate?next=%2F"' in signed_out.content.decode()
    sign_in(client, john, mfa=False)
    assert client.post(path, {}, headers={"Referer": referer}).status_code == 403
    sign_in(client, john)
    assert client.post(path, {"company_name": "A"}, headers={"Referer": referer}).status_code == 422


@pytest.mark.requirement("M1")
def test_the_root_goes_to_the_overview_by_way_of_signing_in(client: Client, john: User, sign_in: SignIn) -> None:
    assert client.get("/")["Location"] == "/oidc/authenticate?next=%2F"
    sign_in(client, john)
    assert client.get("/")["Location"] == "/dashboard/overview"


@pytest.mark.requirement("M10")
def test_a_page_asked_for_signed_out_is_remembered_with_its_query(client: Client, db: None) -> None:
    response = client.get("/commerce/customers?q=a&page=2")
    assert response["Location"] == "/oidc/authenticate?next=%2Fcommerce%2Fcustomers%3Fq%3Da%26page%3D2"


@pytest.mark.requirement("Q10", "Q3")
@pytest.mark.parametrize("mfa", [True, False])
def test_an_operation_says_whether_mfa_was_proven(client: Client, john: User, sign_in: SignIn, mfa: bool) -> None:
    sign_in(client, john, mfa=mfa)
    client.get("/dashboard/overview")
    operation = OperationRecord.objects.get()
    assert (operation.mfa, operation.area, operation.user_id) == (mfa, "overview", john.oid)


@pytest.mark.requirement("Q10")
@pytest.mark.parametrize(
    "path", ["/", "/commerce", "/healthz", "/readyz", "/health-feed", "/signed-out", "/oidc/sign-out", "/nowhere"]
)
def test_no_operation_is_the_redirect_of_the_root_to_verify_or_a_public_page(
    client: Client, john: User, sign_in: SignIn, path: str
) -> None:
    sign_in(client, john, mfa=False)
    client.get(path)
    assert not OperationRecord.objects.exists()


@pytest.mark.requirement("Q10")
def test_no_operation_is_a_refusal_or_what_a_visitor_does(client: Client, john: User, sign_in: SignIn) -> None:
    client.get("/dashboard/overview")
    sign_in(client, john, mfa=False, blocked=True)
    for path in ("/commerce", "/dashboard/billing", "/dashboard/me/held/00000000-0000-4000-8000-000000000000"):
        assert client.get(path).status_code in {403, 410}
    sign_in(client, john, roles=[])
    assert client.get("/commerce").status_code == 403
    assert client.post("/dashboard/overview").status_code == 405
    assert not OperationRecord.objects.exists()
