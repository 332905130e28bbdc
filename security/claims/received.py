"""The last answers of a tenant's federated providers and custom controls, as its directory keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from accounts.users.person import moment_of
from security.claims.redaction import printable, shown
from security.claims.said import Claim, Said, Source
from security.claims.verdict import Finding, Verdict, claims_of, instead_of_proof

Row = Mapping[str, Any]
_MISSING = {
    "noProof": Verdict.NO_PROOF,
    "otherValue": Verdict.OTHER_VALUE,
    "otherSpelling": Verdict.OTHER_SPELLING,
    "attributeNotAccepted": Verdict.ATTRIBUTE_NOT_ACCEPTED,
    "customControlNeverCounts": Verdict.CONTROL_NEVER_COUNTS,
}


class Result(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    """Believed, and it says no."""
    REFUSED = "refused"
    """Not believed."""


@dataclass(frozen=True, slots=True)
class Received:
    """`party` is a domain or a custom control's name. `authentic`: signed by it, for the very request; anybody may
    have written the rest otherwise. `refusal` and `detail` are the directory's reason for not believing it."""

    id: str
    at: datetime | None
    control: bool
    party_key: str
    party: str
    person: str
    account_id: str
    result: Result
    error: str
    authentic: bool
    refusal: str
    detail: str
    said: Said
    finding: Finding


def received_of(row: Row) -> Received:
    """A row of `ours/receivedAnswers`. What it lacks stays empty; an unknown result is one that is not believed."""
    control = row.get("kind") == "customControl"
    said = _said(row, control=control)
    refusal = row.get("refusal")
    words: Row = refusal if isinstance(refusal, Mapping) else {}
    result = row.get("result")
    code = row.get("errorCode")
    return Received(
        id=str(row.get("id", "")),
        at=moment_of(row.get("receivedDateTime")),
        control=control,
        party_key=str(row.get("customControlId") or "") if control else str(row.get("domain") or ""),
        party=printable(str((row.get("customControlDisplayName") if control else row.get("domain")) or "")),
        person=printable(str(row.get("assertedName") or "")),
        account_id=str(row.get("userId") or ""),
        result=Result(result) if result in set(Result) else Result.REFUSED,
        error=f"AADSTS{code}" if code else "",
        authentic=row.get("isAuthentic") is True,
        refusal=str(words.get("code") or ""),
        detail=printable(str(words.get("detail") or "")),
        said=said,
        finding=_finding(row, said),
    )


def _said(row: Row, *, control: bool) -> Said:
    claims = [
        (str(one.get("name", "")), [str(value) for value in one.get("values") or ()])
        for one in row.get("claims") or ()
        if isinstance(one, Mapping)
    ]
    name_id = str(row.get("nameId") or "")
    return Said(
        source=Source.CONTROL if control else Source.ASSERTION,
        facts=(Claim("NameID", (printable(name_id),), True),) if name_id else (),
        class_refs=shown("AuthnContextClassRef", (str(ref) for ref in row.get("authnContextClassRefs") or ())),
        claims=claims_of(claims),
    )


def _finding(row: Row, said: Said) -> Finding:
    """The directory's own word: it knows what this federation accepts."""
    if row.get("provesMfa") is True:
        return Finding(Verdict.PROVEN)
    missing = row.get("missingProof")
    if missing is None and row.get("result") != Result.ACCEPTED:
        return Finding(Verdict.NOT_BELIEVED)
    return Finding(_MISSING.get(str(missing), Verdict.NO_PROOF), instead_of_proof(said))
