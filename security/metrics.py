"""The three metrics as values: how far one is, and how it stands (Q2, Q3, Q4). No request, no database."""

from dataclasses import dataclass, field
from enum import StrEnum

from activity.rollups import Share


class Measure(StrEnum):
    """Which of the three metrics."""

    ACCOUNTS = "accounts"
    PORTAL = "portal"
    API = "api"


class Standing(StrEnum):
    MET = "met"
    BELOW = "below"
    NOTHING = "nothing"
    """There was nothing to measure."""
    UNREAD = "unread"
    """The directory did not let itself be read."""
    PENDING = "pending"
    """Nobody has measured yet."""


@dataclass(frozen=True, slots=True)
class Metric:
    standing: Standing
    share: Share = field(default_factory=Share)

    @property
    def percent(self) -> int | None:
        return self.share.percent


def measured(share: Share) -> Metric:
    """How a counted share stands against the target, which is every single one."""
    if not share.operations:
        return Metric(Standing.NOTHING)
    return Metric(Standing.MET if share.with_mfa == share.operations else Standing.BELOW, share)


def of_accounts(enabled: int | None, enforced: int | None) -> Metric:
    """Metric 1 of a snapshot, whose figures are None while the directory could not be read."""
    if enabled is None or enforced is None:
        return Metric(Standing.UNREAD)
    return measured(Share(enabled, enforced))
