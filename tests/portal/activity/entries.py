"""Entries of the operation log for tests, and what they come to, counted in plain Python."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from activity.models import DailyTotal, DailyUse
from activity.operation import ApiCall, Entry, Operation

CONTOSO = uuid.UUID("c0000000-0000-4000-8000-000000000001")
Kept = dict[tuple[Any, ...], tuple[Any, ...]]


@dataclass(frozen=True)
class Done:
    """Something that somebody did: in the portal, by an application, or an application by itself."""

    at: datetime
    channel: str = "portal"
    tenant_id: uuid.UUID = CONTOSO
    application_id: str = ""
    user_id: str = "jane"
    user_name: str = "jane@contoso.example"
    mfa: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.tenant_id, self.day, self.channel, self.application_id, self.user_id)

    @property
    def day(self) -> date:
        return self.at.astimezone(UTC).date()

    def entry(self) -> Entry:
        if self.channel == "portal":
            made = Operation(self.tenant_id, self.user_id, self.user_name, "customers", self.mfa).entry("/customers")
        else:
            made = ApiCall(
                tenant_id=self.tenant_id,
                user_id=self.user_id,
                user_name=self.user_name,
                application_id=self.application_id,
                operation="Get /v{version}/customers",
                path="/v1/customers",
                ip="127.0.0.1",
                status=200,
                code="",
                mfa=self.mfa,
                request_id="",
                correlation_id="",
                claims="{}",
            ).entry()
        return {**made, "id": self.id, "at": repr(self.at.timestamp())}


def counted_uses(all_done: Iterable[Done]) -> Kept:
    """Key to name, operations, with MFA, last, last without MFA."""
    by_key: dict[tuple[Any, ...], list[Done]] = defaultdict(list)
    for done in all_done:
        by_key[done.key].append(done)
    found: Kept = {}
    for key, some in by_key.items():
        last, name = max((done.at, done.user_name) for done in some)
        without = [done.at for done in some if not done.mfa]
        found[key] = (name, len(some), len(some) - len(without), last, max(without, default=None))
    return found


def counted_totals(all_done: Iterable[Done]) -> Kept:
    found: Kept = {}
    for done in all_done:
        key = (done.tenant_id, done.day, done.channel)
        operations, with_mfa = found.get(key, (0, 0))
        found[key] = (operations + 1, with_mfa + done.mfa)
    return found


def kept_uses() -> Kept:
    return {
        (row.tenant_id, row.day, row.channel, row.application_id, row.user_id): (
            row.user_name,
            row.operations,
            row.with_mfa,
            row.last_at,
            row.last_without_mfa_at,
        )
        for row in DailyUse.objects.all()
    }


def kept_totals() -> Kept:
    return {(row.tenant_id, row.day, row.channel): (row.operations, row.with_mfa) for row in DailyTotal.objects.all()}
