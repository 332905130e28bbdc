"""Whether federated sign-ins carried their provider's proof of MFA, out of the sign-in log (V8, Q9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgraph.client import GraphClient

WINDOW = timedelta(days=30)
_PAGES = 20
_PATH = "beta/auditLogs/signIns"  # the steps of a sign-in are in beta alone
PROVEN = frozenset(
    {"MFA proven by the identity provider", "MFA requirement satisfied by claim provided by external provider"}
)
"""What a step says of itself, here and at Microsoft's directory. Other words are no proof."""


@dataclass(slots=True)
class Proofs:
    """Whether the newest federated sign-in carried the proof, by account id and by domain, where one is known."""

    by_account: dict[str, bool] = field(default_factory=dict)
    by_domain: dict[str, bool] = field(default_factory=dict)


def newest_proofs(graph: GraphClient, *, accounts: frozenset[str], now: datetime) -> Proofs:
    """Read back from `now` until every account's newest is known, 30 days at most. Raises as `GraphClient.page`.

    A long log is read for 20 pages; who has not been met by then counts as the domain does.
    """
    found = Proofs()
    condition = f"createdDateTime ge {now - WINDOW:%Y-%m-%dT%H:%M:%SZ}"
    page = graph.page(_PATH, filter=condition, orderby="createdDateTime desc", top="999")
    for number in range(_PAGES):
        for row in page.rows:
            _take(row, found)
        if not page.next or accounts <= found.by_account.keys() or number == _PAGES - 1:
            break
        page = graph.page(_PATH, continued=page.next)
    return found


def _take(row: Mapping[str, Any], found: Proofs) -> None:
    """Note a sign-in that succeeded, unless a newer one is known already."""
    status = row.get("status")
    if not isinstance(status, Mapping) or status.get("errorCode") != 0 or row.get("isFederated") is False:
        return
    proven = any(_proves(step) for step in row.get("authenticationDetails") or ())
    found.by_account.setdefault(str(row.get("userId")).lower(), proven)
    name, _at, domain = str(row.get("userPrincipalName")).lower().rpartition("@")
    if name:
        found.by_domain.setdefault(domain, proven)


def _proves(step: Mapping[str, Any]) -> bool:
    said = {step.get("authenticationMethodDetail"), step.get("authenticationStepResultDetail")}
    return step.get("succeeded") is True and not said.isdisjoint(PROVEN)
