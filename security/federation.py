"""What a tenant's directory knows of its federated providers and custom controls, read as an application (V7, V8)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from uuid import UUID

from msgraph.client import GraphClient, GraphRefused, part
from security.claims.received import Received, received_of

PERMISSION = "AuditLog.Read.All"
_PATH = "ours/receivedAnswers"
_MOST = "1000"  # the directory keeps 50 of each domain and control
_SHORT = (
    "id,receivedDateTime,kind,domain,customControlId,customControlDisplayName,assertedName,userId,result,errorCode,"
    "refusal,isAuthentic,provesMfa,missingProof"
)
"""Without the claims, which are the long part: those are read with a single answer."""


@dataclass(frozen=True, slots=True)
class Party:
    """A federated domain or a custom control; `behavior` is Graph's `federatedIdpMfaBehavior`, of a domain alone."""

    key: str
    name: str
    control: bool
    behavior: str = ""
    issuer: str = ""
    last: Received | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """`more`: older ones exist that are not read. `kept` is False at a directory that keeps no answers."""

    rows: list[Received]
    more: bool = False
    kept: bool = True


def answers_of(graph: GraphClient, party: str = "") -> Answers:
    """The last answers without claims, newest first; of one domain or control where `party` is its key. One call.

    Raises GraphUnavailable, GraphRefused.
    """
    asked = {"top": _MOST, "select": _SHORT, **({"filter": _of(party)} if party else {})}
    try:
        page = graph.page(_PATH, **asked)
    except GraphRefused as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            return Answers([], kept=False)
        raise
    return Answers([received_of(row) for row in page.rows], bool(page.next))


def answer_of(graph: GraphClient, answer_id: UUID) -> Received | None:
    """One answer with its claims; None where the tenant has none of this id. Raises GraphUnavailable, GraphRefused."""
    rows = graph.page(_PATH, filter=f"id eq '{answer_id}'").rows
    return received_of(rows[0]) if rows else None


def parties_of(graph: GraphClient, answers: Iterable[Received]) -> list[Party]:
    """Every federated domain, and the controls that answered, each with its last answer. Two calls.

    Domains that the directory keeps back are known by their answers alone.
    """
    last: dict[str, Received] = {}
    for one in answers:
        last.setdefault(one.party_key, one)
    found = {party.key: party for party in _domains(graph)}
    for key, one in last.items():
        known = found.get(key, Party(key, one.party, one.control))
        found[key] = replace(known, last=one)
    return sorted(found.values(), key=lambda party: (party.control, party.name))


def _of(party: str) -> str:
    try:
        return f"customControlId eq '{UUID(party)}'"
    except ValueError:
        return "domain eq '{}'".format(party.replace("'", "''"))


def _domains(graph: GraphClient) -> list[Party]:
    try:
        rows = list(graph.every("domains"))
    except GraphRefused:
        return []
    names = [str(row.get("id")).lower() for row in rows if row.get("authenticationType") == "Federated"]
    answers = graph.batch([(f"domains/{part(name)}/federationConfiguration", {}) for name in names])
    return [_party(name, answer) for name, answer in zip(names, answers, strict=True)]


def _party(name: str, answer: object) -> Party:
    value = answer.get("value") if isinstance(answer, dict) else None
    row = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
    behavior = str(row.get("federatedIdpMfaBehavior") or "")
    return Party(name, name, control=False, behavior=behavior, issuer=str(row.get("issuerUri") or ""))
