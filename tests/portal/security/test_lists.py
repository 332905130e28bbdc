"""The lists and files behind the figures: who, which application, which request (Q2, Q3, Q4)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import PartnerTenant, User
from activity.models import ApiRequest, Channel
from security import downloads
from tests.portal.conftest import SignIn
from tests.portal.security.factory import APPLICATION, JANE, JOHN, account, documented_portal_use, noon, request, use

STATUS = "/dashboard/account/security-requirements"
ACCOUNTS = f"{STATUS}/accounts"
ALL_FILES = ("/accounts?format=csv", "/portal-requests/file", "/api-requests/file", "/api-requests/all")


@pytest.fixture
def browser(client: Client, sign_in: SignIn, alejandra: User) -> Client:
    """Signed in with MFA, so that looking at the lists adds nobody to them."""
    sign_in(client, alejandra)
    return client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue().decode() if response.streaming else response.content.decode()


def rows_of(client: Client, address: str) -> list[str]:
    """The lines of a file below its titles."""
    return text(client, address).splitlines()[1:]


@pytest.fixture
def listed(contoso: PartnerTenant) -> None:
    account(contoso, "Ann")
    account(contoso, "Bob", enforced_by="", obstacle="excluded", registered=False)
    account(contoso, "Cleo", enforced_by="per-user", policy="", guest=True)
    account(contoso, "Dan", enabled=False)


@pytest.mark.requirement("Q2")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Ann", "Bob", "Cleo"}),
        ("?enforced=yes", {"Ann", "Cleo"}),
        ("?enforced=no", {"Bob"}),
        ("?by=per-user", {"Cleo"}),
        ("?obstacle=excluded", {"Bob"}),
        ("?type=guest", {"Cleo"}),
        ("?type=member", {"Ann", "Bob"}),
        ("?disabled=too", {"Ann", "Bob", "Cleo", "Dan"}),
        ("?disabled=only", {"Dan"}),
        ("?q=bob%40contoso", {"Bob"}),
    ],
)
@pytest.mark.usefixtures("listed")
def test_accounts_are_filtered_and_searched_on_the_page_and_in_the_file(
    browser: Client, query: str, names: set[str]
) -> None:
    page = text(browser, f"{ACCOUNTS}{query}").split("<tbody>")[1]
    file = rows_of(browser, f"{ACCOUNTS}{query}{'&' if query else '?'}format=csv")
    everybody = ("Ann", "Bob", "Cleo", "Dan")
    assert {name for name in everybody if f">{name}" in page} == names
    assert {line.split(",")[0] for line in file} == names


@pytest.mark.requirement("Q2", "Q9")
def test_the_file_of_accounts_says_what_enforces_or_hinders(browser: Client, contoso: PartnerTenant) -> None:
    at = noon(1)
    account(contoso, "Ann", user_id="id-1", assessed_at=at)
    account(contoso, "Bob", user_id="id-2", enforced_by="", obstacle="report-only", policy="Trial", assessed_at=at)
    moment = at.isoformat(timespec="seconds")
    assert text(browser, f"{ACCOUNTS}?format=csv") == (
        "\ufeffName,User name,MFA enforced by,Why not,Policy,Registered,Type,Sign-in,Object ID,Assessed,"
        "Last asked to register\r\n"
        f"Ann,ann@contoso.example,Conditional access,,MFA for everybody,Yes,Member,Enabled,id-1,{moment},\r\n"
        f"Bob,bob@contoso.example,Not enforced,The policy only reports,Trial,Yes,Member,Enabled,id-2,{moment},\r\n"
    )


def test_more_accounts_cost_no_more_queries(
    browser: Client, contoso: PartnerTenant, django_assert_num_queries: Any
) -> None:
    account(contoso, "Ann")
    with django_assert_num_queries(3):  # session, accounts, operation log
        text(browser, ACCOUNTS)
    for number in range(10):
        account(contoso, f"Person {number}")
    with django_assert_num_queries(3):
        text(browser, ACCOUNTS)


@pytest.mark.requirement("Q3")
def test_people_without_mfa_are_listed_with_their_last_access(browser: Client, contoso: PartnerTenant) -> None:
    documented_portal_use(contoso)
    use(contoso, "always@contoso.example", 4, 4)
    use(contoso, "app@contoso.example", 4, 0, channel=Channel.APP_AND_USER, application=APPLICATION)
    page = text(browser, f"{STATUS}/portal-requests")
    assert page.index(JOHN) < page.index(JANE)
    assert "always@contoso.example" not in page
    assert "app@contoso.example" not in page


@pytest.mark.requirement("Q3")
def test_the_file_of_people_without_mfa(browser: Client, contoso: PartnerTenant) -> None:
    documented_portal_use(contoso)
    days = [noon(days_ago).date().isoformat() for days_ago in (5, 6)]
    assert text(browser, f"{STATUS}/portal-requests/file") == (
        "\ufeffUser,Last access (UTC),Requests without MFA,Object ID\r\n"
        f"john@contoso.example,{days[0]}T12:00:00+00:00,5,john@contoso.example\r\n"
        f"jane@contoso.example,{days[1]}T12:00:00+00:00,3,jane@contoso.example\r\n"
    )


@pytest.mark.requirement("Q4")
def test_the_summary_of_api_requests_has_a_row_for_each_application(browser: Client, contoso: PartnerTenant) -> None:
    portal = settings.OIDC_RP_CLIENT_ID
    use(contoso, JANE, 3, days_ago=2, channel=Channel.APP_AND_USER, application=APPLICATION)
    use(contoso, JOHN, 3, 2, days_ago=1, channel=Channel.APP_AND_USER, application=APPLICATION)
    use(contoso, JANE, 7, 7, days_ago=3, channel=Channel.APP_AND_USER, application=portal)
    use(contoso, "", 9, days_ago=1, channel=Channel.APP_ONLY, application=portal)
    days = [noon(days_ago).date().isoformat() for days_ago in (1, 3)]
    assert text(browser, f"{STATUS}/api-requests/file") == (
        "\ufeffApplication ID,Application,Requests,With MFA,Without MFA,Share in percent,Last request (UTC)\r\n"
        f"{APPLICATION},,6,2,4,33,{days[0]}T12:00:00+00:00\r\n"
        f"{portal},Partner Center,7,7,0,100,{days[1]}T12:00:00+00:00\r\n"
    )
    page = text(browser, f"{STATUS}/api-requests")
    assert page.index(APPLICATION) < page.index(portal)
    assert "33%" in page


@pytest.mark.requirement("Q4", "Q10")
def test_the_file_of_all_api_requests_has_the_operation_but_neither_path_nor_claims(
    browser: Client, contoso: PartnerTenant
) -> None:
    at = noon(1)
    operation = "Get /v{version}/customers/{customer_id}"
    request(contoso, at, operation=operation, path="/v1/customers/fourth-coffee", claims='{"amr": ["secret-claim"]}')
    request(contoso, at + timedelta(minutes=1), mfa=True, status=200, code="", request_id="r-2", correlation_id="c-2")
    request(contoso, at, user_id="", user_name="", request_id="app-only")
    day = at.date().isoformat()
    assert text(browser, f"{STATUS}/api-requests/all") == (
        "\ufeffTime (UTC),Request ID,Correlation ID,Operation,User,Application ID,Address,Status,With MFA\r\n"
        f"{day}T12:01:00+00:00,r-2,c-2,Get /v{{version}}/customers,{JANE},{APPLICATION},192.0.2.7,200,true\r\n"
        f"{day}T12:00:00+00:00,r-1,c-1,{operation},{JANE},{APPLICATION},192.0.2.7,401,false\r\n"
    )


@pytest.mark.requirement("Q4")
def test_the_file_of_all_api_requests_begins_with_the_window(browser: Client, contoso: PartnerTenant) -> None:
    request(contoso, noon(6).replace(hour=0), request_id="first-moment")
    request(contoso, noon(6).replace(hour=0) - timedelta(microseconds=1), request_id="too-old")
    (line,) = rows_of(browser, f"{STATUS}/api-requests/all")
    assert "first-moment" in line


@pytest.mark.requirement("Q4")
def test_the_newest_requests_are_taken_in_batches_and_no_more_than_the_most(contoso: PartnerTenant) -> None:
    at = noon(1)
    for number in range(12):  # three share each moment, so that batches end between equal times
        request(contoso, at + timedelta(minutes=number // 3), request_id=f"{number:02}")
    expected = [row.request_id for row in ApiRequest.objects.filter(tenant_id=contoso.pk).order_by("-at", "-id")]
    with (
        patch.object(downloads, "MOST_REQUESTS", 10),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        rows = list(downloads.request_rows(contoso.pk, now=timezone.now(), batch=4))
    assert [row[1] for row in rows] == expected[:10]
    assert len(asked) == 3
    assert downloads.MOST_REQUESTS == 10_000


def put(tenant: PartnerTenant, path: str, text: str) -> None:
    """A row of that file alone, with the text in it."""
    if "accounts" in path:
        account(tenant, text, policy=text)
    elif "portal" in path:
        use(tenant, text, 1, days_ago=1)
    elif "all" in path:
        request(tenant, noon(1), user_name=text, request_id=text, correlation_id=text)
    else:
        use(tenant, JANE, 1, days_ago=1, channel=Channel.APP_AND_USER, application=text)


@pytest.mark.requirement("Q3", "Q4")
@pytest.mark.parametrize("path", ALL_FILES[1:])
def test_titles_leave_before_the_first_row_is_asked_for(browser: Client, contoso: PartnerTenant, path: str) -> None:
    for number in range(3):
        put(contoso, path, f"row-{number}")
    with CaptureQueriesContext(connection) as asked:
        response = browser.get(f"{STATUS}{path}")
        assert isinstance(response, StreamingHttpResponse)
        chunks: Iterator[bytes] = iter(response.streaming_content)  # type: ignore[arg-type]
        assert next(chunks) == b"\xef\xbb\xbf"
        assert next(chunks).count(b"\r\n") == 1
    read = " ".join(query["sql"] for query in asked.captured_queries)
    assert "activity_dailyuse" not in read
    assert "activity_apirequest" not in read
    assert len(list(chunks)) == 3


@pytest.mark.requirement("Q3", "Q4")
@pytest.mark.parametrize("path", ALL_FILES[1:])
def test_a_file_whose_rows_cannot_be_read_is_broken_off(browser: Client, contoso: PartnerTenant, path: str) -> None:
    """The server closes the connection on what comes out of the rows; a clean end would make half a file look whole."""

    def dies(execute: Any, sql: str, *rest: Any) -> Any:
        if "activity_" in sql:
            raise DatabaseError("gone")
        return execute(sql, *rest)

    put(contoso, path, "row")
    response = browser.get(f"{STATUS}{path}")
    assert isinstance(response, StreamingHttpResponse)
    with connection.execute_wrapper(dies), pytest.raises(DatabaseError, match="gone"):
        list(response)


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
@pytest.mark.parametrize("path", ALL_FILES)
def test_no_cell_of_any_file_can_become_a_formula(
    browser: Client, contoso: PartnerTenant, path: str, start: str
) -> None:
    evil = f"{start}cmd"
    put(contoso, path, evil)
    (line,) = rows_of(browser, f"{STATUS}{path}")
    assert f"'{evil}" in line
    assert not any(cell.startswith(evil) for cell in line.split(","))


@pytest.mark.parametrize("path", ["/accounts", "/portal-requests", "/api-requests", *ALL_FILES])
def test_nothing_of_another_partner_is_listed(
    client: Client, sign_in: SignIn, olga: User, contoso: PartnerTenant, path: str
) -> None:
    account(contoso, "Ann")
    documented_portal_use(contoso)
    use(contoso, JANE, 1, channel=Channel.APP_AND_USER, application=APPLICATION)
    request(contoso, noon(1))
    sign_in(client, olga)
    page = text(client, f"{STATUS}{path}")
    for told in ("Ann", JANE, JOHN, APPLICATION, "r-1"):
        assert told not in page.split("</header>")[-1]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/accounts", "The directory has not been read yet"),
        ("/portal-requests", "Nobody used Partner Center without MFA"),
        ("/api-requests", "No App+User requests"),
    ],
)
def test_an_empty_list_says_what_it_would_hold(browser: Client, path: str, said: str) -> None:
    assert said in text(browser, f"{STATUS}{path}")


@pytest.mark.parametrize(("path", "queries"), [("/portal-requests", 3), ("/api-requests", 4)])
def test_a_long_list_ends_and_points_to_the_file(
    browser: Client, contoso: PartnerTenant, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    """Session, the list, names of applications, operation log."""
    for number in range(101):
        use(contoso, f"{number}@contoso.example", 1)
        use(contoso, JANE, 1, channel=Channel.APP_AND_USER, application=f"app-{number}")
    with django_assert_num_queries(queries):
        page = text(browser, f"{STATUS}{path}")
    assert page.split("<tbody>")[1].count("<tr>") == 100
    assert "The first 100 are shown; the file has all." in page
    assert len(rows_of(browser, f"{STATUS}{path}/file")) == 101
