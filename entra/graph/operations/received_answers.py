"""What federated providers and custom controls answered lately, and why it was no proof of MFA (V4, V8, V9).

Graph has nothing of the kind. What a stranger sent is told as it came: `isAuthentic` says whether it was signed.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from entra.apps.permissions import GraphPermission as P
from entra.federation.errors import SENTENCES, Refusal
from entra.federation.models import ReceivedAnswer
from entra.graph.errors import GraphError
from entra.graph.filters import Field
from entra.graph.moments import moment
from entra.graph.odata import collection, read
from entra.graph.operation import Answer, Call, Need, Operation
from entra.graph.operations.sign_ins import MOST

RECEIVED = "receivedDateTime"
FIELDS = {
    "id": Field("pk", UUID),
    RECEIVED: Field("at", datetime),
    "kind": Field("kind"),
    "domain": Field("domain"),
    "customControlId": Field("control_id", UUID),
    "userId": Field("account_id", UUID),
    "result": Field("reception"),
    "provesMfa": Field("proves_mfa", bool),
}


def answer_shape(row: ReceivedAnswer) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        RECEIVED: moment(row.at),
        "kind": row.kind,
        "domain": row.domain or None,
        "customControlId": str(row.control_id) if row.control_id else None,
        "customControlDisplayName": row.control_name or None,
        "userId": str(row.account_id) if row.account_id else None,
        "assertedName": row.name or None,
        "result": row.reception,
        "errorCode": row.error_code,
        "refusal": _refusal(row) if row.refusal else None,
        "isAuthentic": row.authentic,
        "nameId": row.name_id or None,
        "authnContextClassRefs": row.class_refs,
        "claims": row.claims,
        "provesMfa": row.proves_mfa,
        "missingProof": row.missing or None,
    }


def _refusal(row: ReceivedAnswer) -> dict[str, str | None]:
    return {"code": row.refusal, "message": SENTENCES[Refusal(row.refusal)], "detail": row.detail or None}


def list_received(call: Call) -> Answer:
    query = read(call.request, FIELDS, order=f"{RECEIVED} desc", most=MOST)
    if query.order != RECEIVED:
        raise GraphError.bad_request(f"$orderby: received answers are ordered by {RECEIVED}.")
    return collection(call.request, query, ReceivedAnswer.objects.filter(tenant=call.caller.tenant), answer_shape)


OURS = [Operation("GET", "receivedAnswers", list_received, frozenset({P.AUDIT_LOG_READ_ALL}), Need.SECURITY)]
