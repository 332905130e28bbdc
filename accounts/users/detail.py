"""Everything the directory tells about one person; what the viewer may not see is None, never guessed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from accounts.models import PartnerTenant
from accounts.roles import Role
from accounts.users.assignment import members_path, roles_in
from accounts.users.forecast import Circumstances, Forecast, forecast_of
from accounts.users.person import ACTIVITY, PROPERTIES, Person, moment_of, person_of
from msgraph.client import GraphClient, GraphRefused, part

T = TypeVar("T")
_SIGN_INS = "10"
_LEFT_OUT = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a role comes from: the group or directory role it was given by, or the groups that may lead to it."""

    name: str
    direct: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """`direct` can be taken away here; what is only in `effective` comes through a nested group."""

    direct: frozenset[Role]
    effective: frozenset[Role]
    sources: Mapping[Role, Source]

    @property
    def listed(self) -> list[tuple[Role, Source]]:
        return [(role, self.sources[role]) for role in Role if role in self.effective]


@dataclass(frozen=True, slots=True)
class Method:
    id: str
    kind: str
    """The Graph type without its namespace: `softwareOathAuthenticationMethod`."""
    name: str
    added_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    at: datetime | None
    application: str
    ip_address: str
    failure: str
    """Why it failed, "" when it did not."""
    mfa: bool
    interactive: bool


@dataclass(frozen=True, slots=True)
class Registration:
    registered: bool
    methods: list[str]


@dataclass(frozen=True, slots=True)
class Detail:
    person: Person
    holding: Holding
    last_administrator: bool
    registration: Registration | None = None
    methods: list[Method] | None = None
    sign_ins: list[SignedIn] | None = None
    forecast: Forecast | None = None


def find_person(graph: GraphClient, user_id: UUID | str, *, activity: bool = False) -> Person:
    """One person by id or sign-in name. Raises GraphRefused (404 when there is none), GraphUnavailable."""
    return person_of(graph.get(f"users/{part(user_id)}", select=f"{PROPERTIES},{ACTIVITY}" if activity else PROPERTIES))


def detail_of(
    graph: GraphClient, tenant: PartnerTenant, user_id: UUID, *, reports: bool, everything: bool, application: str
) -> Detail:
    """`reports` as in `find`; `everything`: the viewer is a Global admin. Raises GraphUnavailable, GraphRefused."""
    person = find_person(graph, user_id, activity=reports)
    holding = holding_of(graph, tenant, user_id)
    last = False
    if everything and Role.GLOBAL_ADMIN in holding.direct:  # where the directory cannot say, it still refuses
        last = if_allowed(lambda: is_last_administrator(graph, tenant, person)) or False
    if not reports:
        return Detail(person, holding, last)
    return Detail(
        person,
        holding,
        last,
        registration=if_allowed(lambda: _registration(graph, user_id)),
        methods=if_allowed(lambda: methods_of(graph, user_id)) if everything else None,
        sign_ins=if_allowed(lambda: _sign_ins(graph, user_id)),
        forecast=if_allowed(lambda: forecast_of(graph, user_id, Circumstances(application))),
    )


def holding_of(graph: GraphClient, tenant: PartnerTenant, user_id: UUID) -> Holding:
    """The roles of one person and where they come from: two calls."""
    direct_rows = list(graph.every(f"users/{user_id}/memberOf"))
    rows = list(graph.every(f"users/{user_id}/transitiveMemberOf"))
    direct, effective = roles_in(direct_rows, tenant), roles_in(rows, tenant)
    between = [str(row.get("displayName", "")) for row in direct_rows if not roles_in([row], tenant)]
    sources: dict[Role, Source] = {}
    for row in rows:
        for role in roles_in([row], tenant):
            given = role in direct
            sources[role] = Source(str(row.get("displayName", "")) if given else ", ".join(between), given)
    return Holding(direct, effective, sources)


def methods_of(graph: GraphClient, user_id: UUID) -> list[Method]:
    return [
        Method(
            id=str(row.get("id", "")),
            kind=str(row.get("@odata.type", "")).removeprefix("#microsoft.graph."),
            name=str(row.get("displayName") or ""),
            added_at=moment_of(row.get("createdDateTime")),
        )
        for row in graph.every(f"users/{user_id}/authentication/methods")
    ]


def is_last_administrator(graph: GraphClient, tenant: PartnerTenant, person: Person) -> bool:
    """Whether no other enabled member is a Global admin: the directory will refuse to let this one go (M8)."""
    able = "accountEnabled eq true and userType eq 'Member'"
    rows = graph.page(members_path(Role.GLOBAL_ADMIN, tenant), filter=able, top="2", select="id", count="true").rows
    return [str(row.get("id")) for row in rows] == [str(person.id)]


def _registration(graph: GraphClient, user_id: UUID) -> Registration:
    row = graph.get(f"reports/authenticationMethods/userRegistrationDetails/{user_id}")
    methods = row.get("methodsRegistered")
    return Registration(bool(row.get("isMfaRegistered")), [str(one) for one in methods or []])


def _sign_ins(graph: GraphClient, user_id: UUID) -> list[SignedIn]:
    page = graph.page("auditLogs/signIns", filter=f"userId eq '{user_id}'", top=_SIGN_INS)
    return [_signed_in(row) for row in page.rows]


def _signed_in(row: Mapping[str, Any]) -> SignedIn:
    status = row.get("status") or {}
    code = status.get("errorCode") or 0
    return SignedIn(
        at=moment_of(row.get("createdDateTime")),
        application=str(row.get("appDisplayName") or ""),
        ip_address=str(row.get("ipAddress") or ""),
        failure=f"{code}: {status.get('failureReason', '')}" if code else "",
        mfa=row.get("authenticationRequirement") == "multiFactorAuthentication",
        interactive=bool(row.get("isInteractive", True)),
    )


def if_allowed(read: Callable[[], T], refusals: Collection[HTTPStatus] = _LEFT_OUT) -> T | None:
    """What the directory does not show to this viewer, or does not have, is left out of the page: None."""
    try:
        return read()
    except GraphRefused as refused:
        if refused.status in refusals:
            return None
        raise
