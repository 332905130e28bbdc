"""Service incidents over the API, in the shapes of the public interface description."""

from datetime import timedelta

import pytest

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from fluent.listing import folded
from support.models import IncidentUpdate, ServiceIncident
from tests.portal.api.conftest import Api, known
from tests.portal.api.shapes import SELF, TYPED, shape, strings
from tests.portal.business import START
from tests.portal.conftest import make_user

INCIDENTS = "/v1/serviceincidents"


@pytest.fixture(autouse=True)
def incidents(db: None) -> None:
    for number, (workload, status) in enumerate(
        [("Exchange Online", "warning"), ("Exchange Online", "normal"), ("Teams", "normal")]
    ):
        row = ServiceIncident.objects.create(
            number=f"EX{number}", workload=workload, title="Slow mail", impact="Mail is late.", status=status,
            start_time=START, end_time=START + timedelta(hours=2), last_updated_time=START + timedelta(hours=number),
            search_text=folded("Slow mail"),
        )  # fmt: skip
        IncidentUpdate.objects.create(incident=row, text="We look at it.", posted_at=START)


def test_incidents_stand_under_their_workload(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, f"{INCIDENTS}/office").json()
    incident = {
        **strings("id", "workload", "impactedArea", "messageType", "startTime", "endTime", "status", "severity"),
        "affectedWorkloadNames": ["str"],
        "resolved": "bool",
        "messages": [strings("publishedTime", "messageText")],
        "attributes": TYPED,
    }
    item = {**strings("workload", "status"), "incidents": [incident], "messageCenterMessages": [], "attributes": TYPED}
    assert shape(body) == {"totalCount": "int", "items": [item], "links": SELF, "attributes": TYPED}
    assert [(each["workload"], each["status"], len(each["incidents"])) for each in body["items"]] == [
        ("Exchange Online", "warning", 2),
        ("Teams", "normal", 1),
    ]
    assert api.call(alejandra, INCIDENTS).json()["items"] == body["items"]


def test_one_workload_is_named_in_the_path(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, f"{INCIDENTS}/exchange-online?resolved=false").json()
    assert [incident["id"] for incident in body["items"][0]["incidents"]] == ["EX0"]
    assert api.call(alejandra, f"{INCIDENTS}/fax").status_code == 404
    assert api.call(alejandra, f"{INCIDENTS}/office?resolved=maybe").json()["data"] == ["resolved"]


@pytest.mark.requirement("A5")
def test_an_application_by_itself_reads_service_health(api: Api, alejandra: User) -> None:
    assert api.call(api.app_only_token(alejandra), INCIDENTS).json()["totalCount"] == 2


@pytest.mark.parametrize(("role", "status"), [(Role.SALES_AGENT, 200), (Role.SECURITY_ADMIN, 200)])
def test_service_incidents_are_for_every_partner_role(
    api: Api, contoso: PartnerTenant, role: Role, status: int
) -> None:
    user = known(make_user(contoso, "Sam Hill", "sam@contoso.example", [role]), api)
    assert api.call(user, INCIDENTS).status_code == status
