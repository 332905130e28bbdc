"""Whom a choice of accounts comes to, by what the directory says at this moment (Q5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from accounts.enforcement import Option
from accounts.models import User
from accounts.users.person import PROPERTIES, Person, person_of
from mailing.services import supported_language
from msgraph.client import GraphClient, GraphRefused, GraphUnavailable, Json
from security.asking.rules import LeftOut, left_out
from security.models import AccountStatus, RegistrationAsk

MOST = 100
"""People asked in one go, and accounts looked at to find them:"""
MOST_LOOKED_AT = 500
_AT_ONCE = 15  # Graph takes no more values after `in`
_REGISTRATIONS = "reports/authenticationMethods/userRegistrationDetails"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One account of the choice; `reason` says why it is left out, None where it is asked."""

    user_id: str
    name: str
    sign_in_name: str
    address: str
    language: str
    asked_at: datetime | None
    reason: LeftOut | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`more`: some of the choice were not looked at, as one go asks no more."""

    asked: Sequence[Recipient]
    left_out: Sequence[Recipient]
    more: bool


def plan_for(
    graph: GraphClient, chosen: Sequence[AccountStatus], *, by: User, now: datetime, again: bool = False
) -> Plan:
    """Look at the accounts in their order until `MOST` can be asked. Raises GraphUnavailable, GraphRefused."""
    asked: list[Recipient] = []
    others: list[Recipient] = []
    for one in _recipients(graph, chosen[:MOST_LOOKED_AT], by=by, now=now, again=again):
        (others if one.reason else asked).append(one)
        if len(asked) == MOST:
            break
    return Plan(asked, others, len(asked) + len(others) < len(chosen))


def _recipients(
    graph: GraphClient, chosen: Sequence[AccountStatus], *, by: User, now: datetime, again: bool
) -> Iterator[Recipient]:
    for start in range(0, len(chosen), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        ids = [one.user_id for one in some]
        asks = dict(last_asked(by.tenant_id, ids))
        used = dict(User.objects.filter(tenant_id=by.tenant_id, oid__in=ids).values_list("oid", "language"))
        people, registered = _read(graph, ids)
        for status in some:
            found, asked_at = people.get(status.user_id), asks.get(status.user_id)
            reason = left_out(
                found,
                registered=registered.get(status.user_id),
                federated=status.enforced_by == Option.FEDERATION,
                asked_at=asked_at,
                now=now,
                again=again,
            )
            yield Recipient(
                user_id=status.user_id,
                name=found.name if found else status.display_name,
                sign_in_name=found.sign_in_name if found else status.user_principal_name,
                address=found.address if found else "",
                language=_language(used.get(status.user_id, ""), found),
                asked_at=asked_at,
                reason=reason,
            )


def last_asked(tenant_id: UUID, ids: Sequence[str]) -> Iterator[tuple[str, datetime]]:
    rows = RegistrationAsk.objects.filter(tenant_id=tenant_id, user_id__in=ids)
    return rows.values_list("user_id", "asked_at").iterator()


def _read(graph: GraphClient, ids: Sequence[str]) -> tuple[Mapping[str, Person], Mapping[str, bool]]:
    """In one call, whom of them the directory has, and whether a method is registered, where it says so."""
    condition = "id in (" + ",".join(f"'{one}'" for one in ids) + ")"
    users, registrations = graph.batch(
        [
            ("users", {"filter": condition, "select": PROPERTIES}),
            (_REGISTRATIONS, {"filter": condition, "select": "id,isMfaRegistered"}),
        ]
    )
    people = {str(person.id): person for person in map(person_of, _rows(users))}
    told = ((row.get("id"), row.get("isMfaRegistered")) for row in _rows(registrations))
    return people, {str(key): registered for key, registered in told if isinstance(registered, bool)}


def _rows(answer: Json | GraphRefused) -> Sequence[Json]:
    """What the directory keeps back is no reason to leave people out unsaid."""
    if isinstance(answer, GraphRefused):
        raise answer
    rows = answer.get("value")
    if not isinstance(rows, list) or "@odata.nextLink" in answer:
        raise GraphUnavailable("not all of a collection")
    return rows


def _language(used_here: str, person: Person | None) -> str:
    """Last used here, else the directory's, else that of the administrator who asks."""
    known = (used_here, person.language if person else "", get_language() or "")
    return supported_language(language for language in known if language)
