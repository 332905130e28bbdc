"""Finding people in the directory: one page at a time, with as many calls for a large directory as for a small one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import PartnerTenant
from accounts.roles import Role
from accounts.users.assignment import holders_path, kept_roles, roles_in
from accounts.users.person import ACTIVITY, PROPERTIES, AccountClass, Person, person_of
from msgraph.client import GraphClient, GraphRefused, Json, Read, part

PAGE_SIZE = 30
_LONGEST_IN = 15  # Graph takes no more values after `in`
_BULK = "999"
_REGISTRATIONS = "reports/authenticationMethods/userRegistrationDetails"
_LAST = f"{ACTIVITY}/lastSignInDateTime"


class LastSignIn(StrEnum):
    NEVER = "never"
    LONG_AGO = "over-30-days"
    RECENTLY = "within-30-days"

    @property
    def label(self) -> Promise:
        return _LAST_LABELS[self]


_LAST_LABELS = {
    LastSignIn.NEVER: _("Never"),
    LastSignIn.LONG_AGO: _("More than 30 days ago"),
    LastSignIn.RECENTLY: _("In the last 30 days"),
}
LONG_AGO = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to and ordered by; None: everybody."""

    text: str = ""
    role: Role | None = None
    registered: bool | None = None
    guest: bool | None = None
    account_class: AccountClass | None = None
    last: LastSignIn | None = None
    by_sign_in_name: bool = False
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """`partial`: of the people looked at only those shown met a filter that the directory cannot apply itself."""

    people: list[Person]
    next: str
    count: int | None
    partial: bool = False


def find(
    graph: GraphClient,
    tenant: PartnerTenant,
    wanted: Wanted,
    *,
    reports: bool,
    size: int = PAGE_SIZE,
    continued: str = "",
) -> Found:
    """One page. `reports`: the caller may read the sign-in log and the registration report.

    The collection read is the one that knows the rarest thing asked for: holders of a role, registrations, or users.
    Raises GraphUnavailable, GraphRefused.
    """
    path, names = _collection(tenant, wanted)
    query = {"filter": _filter(wanted, path, names, timezone.now()), "orderby": _order(wanted, names)}
    asked = {name: value for name, value in query.items() if value} | {"top": str(size), "count": "true"}
    if path == "users":
        asked["select"] = f"{PROPERTIES},{ACTIVITY}" if reports else PROPERTIES
    page = graph.page(path, continued=continued, **asked)
    people = _told(graph, tenant, page.rows, users_known=path == "users", reports=reports)
    kept = [person for person in people if _meets(person, wanted)]
    partial = _left_over(path, wanted)
    return Found(kept, page.next, None if partial else page.count, partial)


def everybody(graph: GraphClient, tenant: PartnerTenant, wanted: Wanted, *, reports: bool) -> Iterator[Person]:
    """All of them, for a file: long pages, and what other collections know is read once. Raises as `find`."""
    registered: dict[str, bool] = {}
    if reports:
        rows = graph.every(_REGISTRATIONS, top=_BULK, select="id,isMfaRegistered")
        registered = {str(row.get("id")): bool(row.get("isMfaRegistered")) for row in rows}
    holders = {role: _holders(graph, tenant, role) for role in kept_roles(tenant)}
    asked = {"top": _BULK, "select": f"{PROPERTIES},{ACTIVITY}" if reports else PROPERTIES}
    asked["orderby"] = _order(wanted, _NAMES)
    if condition := _filter(wanted, "users", _NAMES, timezone.now()):
        asked |= {"filter": condition, "count": "true"}
    for row in graph.every("users", **asked):
        person = person_of(row).with_registration(registered.get(str(row["id"])) if reports else None)
        roles = frozenset(role for role, ids in holders.items() if str(person.id) in ids)
        if _meets(person, wanted) and (wanted.role is None or wanted.role in roles):
            yield person.with_roles(roles)


def _holders(graph: GraphClient, tenant: PartnerTenant, role: Role) -> set[str]:
    return {str(row.get("id")) for row in graph.every(holders_path(role, tenant), top=_BULK, select="id")}


_NAMES = ("displayName", "userPrincipalName")


def _collection(tenant: PartnerTenant, wanted: Wanted) -> tuple[str, tuple[str, str]]:
    if wanted.role is not None:
        return holders_path(wanted.role, tenant), _NAMES
    if wanted.registered is not None:
        return _REGISTRATIONS, ("userDisplayName", "userPrincipalName")
    return "users", _NAMES


def _left_over(path: str, wanted: Wanted) -> bool:
    """Whether something is asked that the collection cannot be narrowed by."""
    if path == "users":
        return False
    if path == _REGISTRATIONS:
        return wanted.account_class is not None or wanted.last is not None
    return wanted.registered is not None or wanted.last is not None


def _filter(wanted: Wanted, path: str, names: tuple[str, str], now: datetime) -> str:
    conditions = []
    if wanted.text:
        text = wanted.text.replace("'", "''")
        conditions.append("(" + " or ".join(f"startswith({name},'{text}')" for name in names) + ")")
    if wanted.guest is not None:
        value = "guest" if wanted.guest else "member"
        conditions.append(f"userType eq '{value if path == _REGISTRATIONS else value.capitalize()}'")
    if wanted.account_class is not None and path != _REGISTRATIONS:
        conditions.append(f"employeeType eq '{wanted.account_class.value}'")
    if wanted.registered is not None and path == _REGISTRATIONS:
        conditions.append(f"isMfaRegistered eq {'true' if wanted.registered else 'false'}")
    if wanted.last is not None and path == "users":
        since = f"{now - LONG_AGO:%Y-%m-%dT%H:%M:%SZ}"
        condition = {
            LastSignIn.NEVER: "eq null",
            LastSignIn.LONG_AGO: f"le {since}",
            LastSignIn.RECENTLY: f"gt {since}",
        }
        conditions.append(f"{_LAST} {condition[wanted.last]}")
    return " and ".join(conditions)


def _order(wanted: Wanted, names: tuple[str, str]) -> str:
    return f"{names[1] if wanted.by_sign_in_name else names[0]}{' desc' if wanted.descending else ''}"


def _told(
    graph: GraphClient, tenant: PartnerTenant, rows: Sequence[Json], *, users_known: bool, reports: bool
) -> list[Person]:
    """The users behind the rows of a page, in its order, with what other collections know: all in a batch."""
    ids = [str(row.get("id", "")) for row in rows]
    select = f"{PROPERTIES},{ACTIVITY}" if reports else PROPERTIES
    some = [_any_of(chunk) for chunk in _chunks(ids)]
    memberships: list[Read] = [(f"users/{part(one)}/transitiveMemberOf", {}) for one in ids]
    registrations = [(_REGISTRATIONS, {"filter": one, "select": "id,isMfaRegistered"}) for one in some if reports]
    users = [("users", {"filter": one, "select": select}) for one in some if not users_known]
    answers = iter(graph.batch([*memberships, *registrations, *users]))
    roles = {one: _roles(graph, tenant, next(answers)) for one in ids}
    found = [row for _one in registrations for row in _rows(next(answers))]
    registered = {str(row.get("id")): bool(row.get("isMfaRegistered")) for row in found}
    by_id = {str(row.get("id")): row for _one in users for row in _rows(next(answers))}
    known = rows if users_known else [by_id[one] for one in ids if one in by_id]
    people = [person_of(row) for row in known]
    return [
        person.with_roles(roles.get(str(person.id))).with_registration(
            registered.get(str(person.id)) if reports else None
        )
        for person in people
    ]


def _rows(answer: Json | GraphRefused) -> list[Json]:
    if isinstance(answer, GraphRefused):
        raise answer
    return list(answer.get("value", []))


def _roles(graph: GraphClient, tenant: PartnerTenant, answer: Json | GraphRefused) -> frozenset[Role] | None:
    """None for somebody who is gone since the page was read, and for whom the directory keeps it back."""
    if isinstance(answer, GraphRefused):
        return None
    rows, following = _rows(answer), str(answer.get("@odata.nextLink", ""))
    while following:  # somebody in more groups than a page of them holds
        page = graph.page("", continued=following)
        rows, following = [*rows, *page.rows], page.next
    return roles_in(rows, tenant)


def _any_of(ids: Iterable[str]) -> str:
    return "id in (" + ",".join(f"'{one}'" for one in ids) + ")"


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _LONGEST_IN):
        yield ids[start : start + _LONGEST_IN]


def _meets(person: Person, wanted: Wanted) -> bool:
    """What the collection could not be narrowed by is looked at here."""
    if wanted.registered is not None and person.registered is not wanted.registered:
        return False
    if wanted.account_class is not None and person.account_class is not wanted.account_class:
        return False
    if wanted.last is None:
        return True
    if person.last_sign_in is None:
        return wanted.last is LastSignIn.NEVER
    long_ago = timezone.now() - person.last_sign_in > LONG_AGO
    return wanted.last is (LastSignIn.LONG_AGO if long_ago else LastSignIn.RECENTLY)
