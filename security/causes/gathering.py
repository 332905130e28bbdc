"""What has to be known of the people who did something without MFA in the window: the facts for `cause_of` (Q5).

Read is what the cause depends on, for these people alone: their sign-ins in batches of twenty, the calls and operations
by their very moments, and answers of third parties once, if a cause is owed to one.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from accounts.models import PartnerTenant
from activity.models import ApiRequest, Channel, OperationRecord
from activity.rollups import last_uses, uses_without_mfa, window
from msgraph.client import GraphClient, GraphRefused
from security.causes.rules import AccountFacts, Cause, Facts, SignInFacts, TokenFacts, Unread, cause_of
from security.causes.sign_in_facts import Row, facts_of, newest_without_mfa, refused_after
from security.reading import Assessed, Wanted

MOST = 500
"""Of more uses without MFA the costliest are looked at; each fix uncovers the next."""
_SIGN_INS = 25
"""Of each person the newest so many."""
_AT_ONCE = 20
_OF_THIRD_PARTIES = {Cause.FEDERATED_WITHOUT_PROOF: "domain", Cause.CUSTOM_CONTROL: "customControl"}


@dataclass(frozen=True, slots=True)
class Use:
    """One person at one application in one channel, and what was done there without MFA."""

    channel: Channel
    application: str
    user: str
    name: str
    without: int
    last_without: datetime
    last: datetime

    @property
    def client(self) -> str:
        """The application by its id, in the portal too."""
        return self.application or str(settings.OIDC_RP_CLIENT_ID)


@dataclass(frozen=True, slots=True)
class Explained:
    """A use with its cause and what shows it. `call`: the last operation without MFA; `answer`: of a third party."""

    use: Use
    cause: Cause
    facts: Facts
    application_name: str = ""
    call: Mapping[str, str] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)


def costliest_uses(tenant: PartnerTenant, now: datetime) -> list[Use]:
    rows = list(uses_without_mfa(tenant.pk, now=now)[:MOST])
    last = last_uses(tenant.pk, {row["user_id"] for row in rows}, now=now)
    return [
        Use(
            channel=Channel(row["channel"]),
            application=row["application_id"],
            user=row["user_id"],
            name=row["name"],
            without=row["without"],
            last_without=row["last_without"],
            last=last[row["channel"], row["application_id"], row["user_id"]],
        )
        for row in rows
    ]


def applications_of(uses: Iterable[Use]) -> Wanted:
    """For whom MFA has to be weighed at other applications than Partner Center."""
    found: dict[str, frozenset[str]] = {}
    for use in uses:
        if use.application:
            key = use.user.lower()
            found[key] = found.get(key, frozenset()) | {use.application}
    return found


def explain(
    graph: GraphClient, tenant: PartnerTenant, uses: Sequence[Use], accounts: Mapping[str, Assessed], now: datetime
) -> list[Explained]:
    """Each use with its cause. Raises GraphUnavailable."""
    accounted = [(use, accounts.get(use.user.lower())) for use in uses]
    undecided = {use.user for use, one in accounted if cause_of(_facts(use, one)) is not Cause.TAIL}
    sign_ins, unread = _sign_ins(graph, sorted(undecided), now)
    calls, operations = _calls(tenant, uses), _operations(tenant, uses)
    found = []
    for use, one in accounted:
        rows = sign_ins.get(use.user, ())
        row = newest_without_mfa(rows, use.client, use.last_without)
        call = calls.get((use.user, use.application))
        facts = _facts(
            use, one, sign_in=facts_of(row) if row else None, rows=rows, token=_token(call) if call else None,
            unread=unread,
        )  # fmt: skip
        told = _told(call) if call else operations.get(use.user, {})
        name = str(row.get("appDisplayName") or "") if row else ""
        found.append(Explained(use, cause_of(facts), facts, name, told))
    return list(_with_answers(graph, found))


def _facts(
    use: Use,
    one: Assessed | None,
    *,
    sign_in: SignInFacts | None = None,
    rows: Sequence[Row] = (),
    token: TokenFacts | None = None,
    unread: frozenset[Unread] = frozenset(),
) -> Facts:
    return Facts(
        channel=use.channel,
        account=_account(use, one) if one else None,
        sign_in=sign_in,
        token=token,
        refused_since=sign_in is not None and refused_after(rows, use.client, sign_in.at),
        with_mfa_since=use.last > use.last_without,
        unread=unread | (one.unread - {Unread.SIGN_INS} if one else frozenset()),
    )


def _account(use: Use, one: Assessed) -> AccountFacts:
    here = one.enforcement
    found = one.elsewhere.get(use.application, here)
    return AccountFacts(
        enabled=one.person.enabled,
        registered=one.registered,
        by=found.by,
        obstacle=found.obstacle,
        policy=found.policy,
        policy_id=found.policy_id or ("" if found.by or found.policy else here.policy_id),
        elsewhere=here.policy if found.by is None and here.by is not None and not found.policy else "",
        break_glass=one.account.break_glass,
    )


def _sign_ins(
    graph: GraphClient, users: Sequence[str], now: datetime
) -> tuple[dict[str, Sequence[Row]], frozenset[Unread]]:
    """The newest sign-ins of these people in the window, by user. Who may not be read about is left out."""
    first, _today = window(now)
    found: dict[str, Sequence[Row]] = {}
    for start in range(0, len(users), _AT_ONCE):
        some = users[start : start + _AT_ONCE]
        reads = [("auditLogs/signIns", _of_person(user, first.isoformat())) for user in some]
        for user, answer in zip(some, graph.batch(reads, beta=True), strict=True):
            if isinstance(answer, GraphRefused):
                return found, frozenset({Unread.SIGN_INS})
            found[user] = answer.get("value") or ()
    return found, frozenset()


def _of_person(user: str, first: str) -> dict[str, str]:
    quoted = user.replace("'", "''")
    return {
        "filter": f"userId eq '{quoted}' and createdDateTime ge {first}T00:00:00Z",
        "orderby": "createdDateTime desc",
        "top": str(_SIGN_INS),
    }


def _calls(tenant: PartnerTenant, uses: Sequence[Use]) -> dict[tuple[str, str], ApiRequest]:
    """The last request without MFA of each use of the API, found by its moment."""
    moments = [use.last_without for use in uses if use.channel is Channel.APP_AND_USER]
    rows = ApiRequest.objects.filter(tenant_id=tenant.pk, at__in=moments, mfa=False) if moments else ()
    return {(row.user_id, row.application_id): row for row in rows}


def _operations(tenant: PartnerTenant, uses: Sequence[Use]) -> dict[str, dict[str, str]]:
    """The last operation without MFA of each use of the portal: its area alone, as a path would name customers."""
    moments = [use.last_without for use in uses if use.channel is Channel.PORTAL]
    rows = OperationRecord.objects.filter(tenant_id=tenant.pk, at__in=moments, mfa=False) if moments else ()
    return {row.user_id: {"area": row.area} for row in rows}


def _token(call: ApiRequest) -> TokenFacts:
    claims = json.loads(call.claims)
    return TokenFacts(_time(claims.get("iat")), _time(claims.get("auth_time")))


def _time(seconds: object) -> datetime | None:
    """A NumericDate (RFC 7519 section 2); None where it is none, or no moment of any calendar."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _told(call: ApiRequest) -> dict[str, str]:
    return {"operation": call.operation, "correlation_id": call.correlation_id, "id": str(call.pk)}


def _with_answers(graph: GraphClient, found: Iterable[Explained]) -> Iterator[Explained]:
    """What third parties sent last, at those whom it concerns. Only the provider here tells of it."""
    rows: list[Row] | None = None
    for one in found:
        kind = _OF_THIRD_PARTIES.get(one.cause)
        if kind and rows is None:
            rows = _answers(graph)
        yield _answered(one, kind, rows) if kind and rows else one


def _answers(graph: GraphClient) -> list[Row]:
    try:
        return list(graph.page("ours/receivedAnswers", top="1000").rows)
    except GraphRefused:
        return []


def _answered(one: Explained, kind: str, rows: Sequence[Row]) -> Explained:
    user = one.use.user.lower()
    row = next((row for row in rows if row.get("kind") == kind and str(row.get("userId")).lower() == user), None)
    if row is None:
        return one
    answer = {
        "domain": row.get("domain") or "",
        "control": row.get("customControlDisplayName") or "",
        "class_refs": row.get("authnContextClassRefs") or [],
        "missing": row.get("missingProof") or "",
    }
    return Explained(one.use, one.cause, one.facts, one.application_name, one.call, answer)
