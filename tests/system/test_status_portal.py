"""The documents' example of the metric *Through Partner Center*, day by day and by real sign-ins (Q3, Q10)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough import provider
from scripts.walkthrough.__main__ import visit_of
from scripts.walkthrough.visit import Visit
from tests.system.status_page import PORTAL, STATUS, days, figure, file, newest_snapshot

pytestmark = pytest.mark.requirement("Q1", "Q3", "Q10")
JANE, JOHN, READER = "nobody@fabrikam.example", "john@fabrikam.example", "globaladmin@fabrikam.example"
JANES_ID, JOHNS_ID = "b0000000-0000-4000-8000-000000000307", "b0000000-0000-4000-8000-000000000301"
OVERVIEW, HEALTH, HELP = "/dashboard/overview", "/dashboard/servicehealth", "/dashboard/help"
CUSTOMERS, REQUESTS = "/commerce/customers", "/dashboard/v2/support/customers"
DAILY_JOB = "from security.services import take_due; take_due()"


@pytest.fixture
def fabrikam(own_site: Running) -> Running:
    """Two Admin agents of whom no MFA is asked at sign-in. Who reads the report has to verify there, and so is in no
    file of those who did not."""
    own_site.manage("entra.settings", "set_role", JANE, "AdminAgents")
    own_site.manage("entra.settings", "set_policy", "fabrikam.example", "--per-user-mfa", "enforced", "--user", READER)
    return own_site


@pytest.fixture
def visit(chromium: Browser, fabrikam: Running) -> Iterator[Visit]:
    visit = visit_of(chromium, fabrikam)
    yield visit
    visit.close()


def sign_in(visit: Visit, account: str, page: str) -> None:
    """In a new session, on the way to this page; being asked to verify is left to the caller."""
    visit.new_session()
    visit.open(page)
    provider.expect_sign_in(visit)
    provider.give_account(visit, account)
    provider.give_password(visit)


def go_on_to(visit: Visit, *pages: str) -> None:
    for page in pages:
        visit.open(page)
        visit.arrive(page)


def statuses(visit: Visit, *pages: str) -> list[int]:
    """How pages are answered where the browser is not let in."""
    return [visit.page.request.get(f"{visit.site.portal}{page}", max_redirects=0).status for page in pages]


def days_since(moment: str) -> int:
    return (datetime.now(UTC).date() - datetime.fromisoformat(moment).date()).days


def test_of_10_operations_in_7_days_2_were_done_with_mfa(visit: Visit, fabrikam: Running) -> None:
    sign_in(visit, JANE, OVERVIEW)
    visit.arrive(OVERVIEW)
    go_on_to(visit, HEALTH, HELP)
    provider.expect_never_asked_to_verify(visit)

    visit.let_days_pass(1)
    sign_in(visit, JOHN, OVERVIEW)
    visit.arrive(OVERVIEW)
    go_on_to(visit, HEALTH, HELP, HEALTH, OVERVIEW)
    assert statuses(visit, "/", CUSTOMERS, "/dashboard/nowhere") == [302, 302, 404]  # no operations

    visit.let_days_pass(1)
    sign_in(visit, JANE, CUSTOMERS)
    provider.register_authenticator_app(visit)
    visit.arrive(CUSTOMERS)
    go_on_to(visit, REQUESTS)

    visit.let_days_pass(4)
    fabrikam.manage("partnercenter.settings", "shell", "-v", "0", "-c", DAILY_JOB)
    sign_in(visit, READER, STATUS)
    provider.register_authenticator_app(visit)
    visit.arrive(STATUS)
    assert figure(visit, PORTAL) == ("20%", "2 of 10 operations")  # the visit itself counts once it is answered
    nothing = ("0", "0", "—")
    assert days(visit, "Operations in Partner Center in the last 7 days") == [
        *(("0", "3", "0%"), ("0", "5", "0%"), ("2", "2", "100%")),
        *(nothing, nothing, nothing, nothing),
    ]
    assert newest_snapshot(visit) == ["12%", "20%", "—"]  # the reader's account is one of eight

    john, jane = file(visit, "/portal-requests/file")
    assert (john["User"], john["Requests without MFA"], john["Object ID"]) == (JOHN, "5", JOHNS_ID)
    assert (jane["User"], jane["Requests without MFA"], jane["Object ID"]) == (JANE, "3", JANES_ID)
    assert [days_since(each["Last access (UTC)"]) for each in (john, jane)] == [5, 6]

    visit.press("Requests without MFA")
    visit.expect_heading("Portal requests without MFA")
    visit.press("Security requirements status")
    visit.arrive(STATUS)
    assert figure(visit, PORTAL) == ("38%", "5 of 13 operations")  # the page, the file and the list, read with MFA

    visit.let_days_pass(1)
    sign_in(visit, READER, STATUS)
    provider.expect_verification(visit)
    provider.give_code(visit, visit.authenticator.code())
    visit.arrive(STATUS)
    assert figure(visit, PORTAL) == ("54%", "6 of 11 operations")  # without Jane's first day, with the last reading
    assert [each["User"] for each in file(visit, "/portal-requests/file")] == [JOHN]
