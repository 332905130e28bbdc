"""The answers of third parties over the directory API: their shape, their filters, and who may read them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entra.directory.models import DirectoryRole, Tenant, User
from entra.federation.models import ReceivedAnswer
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import code

By = Callable[..., Graph]
PATH = "ours/receivedAnswers"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTROL = UUID("d0000000-0000-4000-8000-000000000001")
PROOF = "http://schemas.microsoft.com/claims/multipleauthn"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


def keep(tenant: Tenant, question: str, **facts: Any) -> ReceivedAnswer:
    usual = {
        "at": NOON,
        "kind": "domain",
        "domain": "fabrikam.example",
        "reception": "accepted",
        "authentic": True,
        "name": "john@fabrikam.example",
        "name_id": "john@fabrikam.example",
        "class_refs": [PASSWORD],
        "claims": [{"name": "department", "values": ["Sales"]}],
        "missing": "otherValue",
    }
    return ReceivedAnswer.objects.create(tenant=tenant, question_id=question, **usual | facts)


@pytest.fixture
def three(fabrikam: Tenant, john: User) -> None:
    """John's at noon, one that was refused an hour later, and a custom control's another hour later."""
    keep(fabrikam, "_1", account_id=john.pk)
    keep(
        fabrikam,
        "_2",
        at=NOON + timedelta(hours=1),
        reception="refused",
        refusal="malformed",
        detail="Conditions",
        error_code=50008,
        authentic=False,
    )
    control = {"kind": "customControl", "domain": "", "control_id": CONTROL, "control_name": "Approval"}
    keep(fabrikam, "_3", at=NOON + timedelta(hours=2), class_refs=[], missing="customControlNeverCounts", **control)


@pytest.mark.requirement("V8")
def test_an_answer_is_told_with_what_it_lacks(by_itself: By, three: None, john: User) -> None:
    row = by_itself("AuditLog.Read.All").values(PATH)[2]
    assert row.pop("id") == str(ReceivedAnswer.objects.get(question_id="_1").pk)
    assert row == {
        "receivedDateTime": "2026-11-22T12:00:00Z",
        "kind": "domain",
        "domain": "fabrikam.example",
        "customControlId": None,
        "customControlDisplayName": None,
        "userId": str(john.pk),
        "assertedName": "john@fabrikam.example",
        "result": "accepted",
        "errorCode": 0,
        "refusal": None,
        "isAuthentic": True,
        "nameId": "john@fabrikam.example",
        "authnContextClassRefs": [PASSWORD],
        "claims": [{"name": "department", "values": ["Sales"]}],
        "provesMfa": False,
        "missingProof": "otherValue",
    }


def test_a_refusal_has_a_code_and_a_sentence(by_itself: By, three: None) -> None:
    row = by_itself("AuditLog.Read.All").values(PATH)[1]
    assert (row["result"], row["errorCode"], row["isAuthentic"]) == ("refused", 50008, False)
    assert row["refusal"] == {
        "code": "malformed",
        "message": "The answer lacks something, or says it in a form that is not accepted.",
        "detail": "Conditions",
    }


@pytest.mark.requirement("V9")
def test_a_custom_control_is_told_by_id_and_name(by_itself: By, three: None) -> None:
    row = by_itself("AuditLog.Read.All").values(PATH)[0]
    assert (row["kind"], row["customControlId"], row["customControlDisplayName"], row["domain"]) == (
        "customControl",
        "d0000000-0000-4000-8000-000000000001",
        "Approval",
        None,
    )
    assert row["missingProof"] == "customControlNeverCounts"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("kind eq 'domain'", 2),
        ("kind eq 'customControl'", 1),
        ("domain eq 'Fabrikam.example'", 2),
        ("domain eq 'contoso.example'", 0),
        ("customControlId eq 'd0000000-0000-4000-8000-000000000001'", 1),
        ("receivedDateTime ge 2026-11-22T13:00:00Z", 2),
        ("receivedDateTime ge 2026-11-22T13:00:00Z and kind eq 'domain'", 1),
        ("result eq 'refused'", 1),
        ("provesMfa eq true", 0),
    ],
)
def test_filters(by_itself: By, three: None, condition: str, found: int) -> None:
    assert len(by_itself("AuditLog.Read.All").values(PATH, **{"$filter": condition})) == found


def test_a_persons_answers_are_found_by_id(by_itself: By, three: None, john: User) -> None:
    rows = by_itself("AuditLog.Read.All").values(PATH, **{"$filter": f"userId eq '{john.pk}'"})
    assert [row["receivedDateTime"] for row in rows] == ["2026-11-22T12:00:00Z"]


def test_the_latest_comes_first_over_all_pages(by_itself: By, three: None) -> None:
    rows = by_itself("AuditLog.Read.All").values(PATH, **{"$top": "1"})
    assert [row["receivedDateTime"][11:13] for row in rows] == ["14", "13", "12"]


def test_only_the_time_orders_them(by_itself: By, three: None) -> None:
    assert by_itself("AuditLog.Read.All").get(PATH, **{"$orderby": "domain"}).status_code == 400


def test_rows_add_no_queries(by_itself: By, three: None, fabrikam: Tenant) -> None:
    graph = by_itself("AuditLog.Read.All")
    for number in range(30):
        keep(fabrikam, f"_more{number}")
    with CaptureQueriesContext(connection) as captured:
        assert len(graph.get(PATH).json()["value"]) == 33
    assert len(captured) == 5


def test_another_tenants_answers_are_not_there(by_itself: By, three: None, contoso: Tenant) -> None:
    ReceivedAnswer.objects.update(tenant=contoso)
    assert by_itself("AuditLog.Read.All").values(PATH) == []


def test_reading_them_needs_the_permission_and_the_role(
    graph_as: Callable[..., Graph], by_itself: By, three: None, john: User
) -> None:
    assert code(by_itself("Domain.Read.All").get(PATH)) == (403, "Authorization_RequestDenied")
    assert code(graph_as(john).get(PATH)) == (403, "Authorization_RequestDenied")
    john.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)
    assert len(graph_as(john, scope="AuditLog.Read.All").values(PATH)) == 3
