"""Who would be asked for MFA, and could not, if every page asked for it (M6)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.access import AREAS
from accounts.models import PartnerTenant, User
from accounts.roles import Role
from activity.models import OperationRecord
from security.all_pages.impact import impact_of
from security.all_pages.readiness import Readiness, Standing, newly_asked, readiness_of
from tests.portal.conftest import SignIn
from tests.portal.security.factory import account

pytestmark = pytest.mark.requirement("M6")
PAGE = "/dashboard/security/all-pages"
ANN, BEN = "00000000-0000-4000-8000-0000000000A1", "00000000-0000-4000-8000-0000000000b2"


def did(tenant: PartnerTenant, who: str = ANN, area: str = "overview", *, times: int = 1, **values: Any) -> None:
    """Operations without MFA, an hour ago unless told otherwise."""
    facts = {
        "at": timezone.now() - timedelta(hours=1),
        "mfa": False,
        "user_name": f"{who[-2:].lower()}@contoso.example",
    }
    for _number in range(times):
        OperationRecord.objects.create(
            id=uuid4(), tenant_id=tenant.pk, user_id=who, area=area, path="/", **facts | values
        )


def summed(tenant: PartnerTenant, now: datetime | None = None) -> list[tuple[str, str, int]]:
    found = impact_of(tenant, now=now or timezone.now())
    return [(use.area.key, use.name[:2], use.operations) for use in found.uses]


def test_the_areas_are_those_that_the_list_of_pages_leaves_open() -> None:
    keys = [area.key for area in newly_asked(AREAS, None)]
    assert keys == ["overview", "service-health", "help"]  # the status report stays readable, the API has its own table


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (None, Readiness.UNKNOWN),
        (Standing(True, "", "nothing"), Readiness.VERIFY),
        (Standing(True, "", "custom-control"), Readiness.VERIFY),
        (Standing(False, "", "nothing"), Readiness.REGISTER),
        (Standing(False, "", "excluded"), Readiness.REGISTER),
        (Standing(False, "security-defaults", ""), Readiness.REGISTER),
        (Standing(False, "federation", ""), Readiness.VERIFY),
        (Standing(False, "", "custom-control"), Readiness.BLOCKED),
        (Standing(False, "", "federated-without-proof"), Readiness.BLOCKED),
    ],
)
def test_what_would_happen_to_an_account(standing: Standing | None, expected: Readiness) -> None:
    assert readiness_of(standing) is expected


def test_operations_without_mfa_of_seven_days_are_counted_by_person_and_area(
    contoso: PartnerTenant, fabrikam: PartnerTenant
) -> None:
    did(contoso, times=3)
    did(contoso, area="help")
    did(contoso, BEN, times=2)
    did(contoso, BEN, mfa=True)
    did(contoso, BEN, at=timezone.now() - timedelta(days=8))
    did(contoso, BEN, area="customers")  # under a technical exception; asked for MFA already
    did(fabrikam, times=9)
    assert summed(contoso) == [("overview", "a1", 3), ("overview", "b2", 2), ("help", "a1", 1)]


def test_who_was_renamed_has_the_newest_name(contoso: PartnerTenant) -> None:
    did(contoso, at=timezone.now() - timedelta(days=2), user_name="zoe@contoso.example")
    did(contoso, user_name="ann@contoso.example")
    assert summed(contoso) == [("overview", "an", 2)]


def test_the_window_begins_with_its_first_day(contoso: PartnerTenant) -> None:
    now = datetime.fromisoformat("2026-11-30T12:00:00+00:00")
    did(contoso, at=datetime.fromisoformat("2026-11-24T00:00:00+00:00"))
    did(contoso, at=datetime.fromisoformat("2026-11-23T23:59:59+00:00"))
    assert summed(contoso, now) == [("overview", "a1", 1)]


def test_people_are_weighed_by_their_account_and_counted_once(contoso: PartnerTenant) -> None:
    account(contoso, "Ann", user_id=ANN.lower(), registered=False, enforced_by="", obstacle="custom-control")
    account(contoso, "Ben", user_id=BEN, enabled=False)
    did(contoso)
    did(contoso, area="help")
    did(contoso, BEN)
    found = impact_of(contoso, now=timezone.now())
    assert dict(found.people) == {Readiness.BLOCKED: 1, Readiness.UNKNOWN: 1}
    assert [(area.key, people, operations) for area, people, operations in found.by_area] == [
        ("overview", 2, 2),
        ("help", 1, 1),
    ]


def test_only_the_newest_operations_are_looked_at_and_that_is_said(
    contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("security.all_pages.impact.MOST", 2)
    did(contoso, times=2)
    assert not impact_of(contoso, now=timezone.now()).partial
    did(contoso, BEN, at=timezone.now() - timedelta(days=2))
    found = impact_of(contoso, now=timezone.now())
    assert found.partial
    assert [use.user_id for use in found.uses] == [ANN]


@pytest.fixture
def viewer(client: Client, alejandra: User, sign_in: SignIn) -> User:
    sign_in(client, alejandra, roles=[Role.SECURITY_ADMIN])
    return alejandra


def text_of(client: Client, query: str = "") -> str:
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_log_is_read_only_when_somebody_asks(client: Client, viewer: User, django_assert_num_queries: Any) -> None:
    did(viewer.tenant)
    with django_assert_num_queries(2):  # the gate, the operation log
        text = text_of(client)
    assert "Overview, Service health, Help and profile." in text
    assert "Applications are not affected" in text
    assert "a1@contoso.example" not in text


@pytest.mark.parametrize("people", [1, 20])
def test_a_look_costs_three_queries(client: Client, viewer: User, django_assert_num_queries: Any, people: int) -> None:
    for number in range(people):
        did(viewer.tenant, f"person-{number}")
    with django_assert_num_queries(5):  # the gate, the log, whether there is more, the accounts, the operation log
        text_of(client, "?look=now")


def test_the_page_and_the_file_tell_the_same(client: Client, viewer: User) -> None:
    account(viewer.tenant, "Ann", user_id=ANN.lower(), registered=False, enforced_by="", obstacle="nothing")
    did(viewer.tenant, times=3)
    text = text_of(client, "?look=now")
    assert "a1@contoso.example" in text
    assert "Has to register a method first" in text
    assert "The look took" in text
    lines = b"".join(client.get(f"{PAGE}?format=csv").streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"Overview,a1@contoso.example,{ANN},3,")
    assert lines[1].endswith("Has to register a method first,No option is switched on for the account")


def test_page_and_file_say_that_there_were_more(client: Client, viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("security.all_pages.impact.MOST", 2)
    did(viewer.tenant, times=3)
    said = "There were more operations: only the newest 50,000 were looked at."
    assert said in text_of(client, "?look=now")
    lines = b"".join(client.get(f"{PAGE}?format=csv").streaming_content).decode().splitlines()
    assert (len(lines), lines[-1]) == (3, f'"{said}"')


def test_nobody_without_mfa_is_an_answer(client: Client, viewer: User) -> None:
    assert "Nobody would be asked anew" in text_of(client, "?look=now")


def test_where_all_pages_ask_already_that_is_said(client: Client, viewer: User, settings: Settings) -> None:
    settings.ACCESS_PRESET = "all-pages"
    assert "All pages ask for MFA already." in text_of(client)


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN_AGENT, 200), (Role.GLOBAL_ADMIN, 403)])
def test_who_opens_the_page(client: Client, alejandra: User, sign_in: SignIn, role: Role, status: int) -> None:
    sign_in(client, alejandra, roles=[role])
    assert client.get(f"{PAGE}?look=now").status_code == status
    sign_in(client, alejandra, mfa=False, roles=[Role.ADMIN_AGENT])
    assert client.get(PAGE)["Location"].startswith("/oidc/step-up")


def test_another_partners_people_are_not_shown(
    client: Client, contoso: PartnerTenant, olga: User, sign_in: SignIn
) -> None:
    did(contoso)
    sign_in(client, olga)
    assert "a1@contoso.example" not in text_of(client, "?look=now")
