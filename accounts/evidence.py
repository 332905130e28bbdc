"""What the identity provider proved about one session, as values (OpenID Connect Core 2, RFC 8176)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

LEEWAY = timedelta(seconds=60)


class Outcome(StrEnum):
    MFA = "mfa"
    SINGLE_FACTOR = "single-factor"
    INCOMPATIBLE = "incompatible"
    """The provider answered that an external challenge cannot be recognized as MFA (V4, AADSTS50158)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One validated answer. Absent claims prove nothing: no `amr`, `acr` or `acrs` is one factor (ASVS 6.8.4)."""

    provider: str
    outcome: Outcome
    at: datetime
    amr: tuple[str, ...] = ()
    acr: str = ""
    acrs: tuple[str, ...] = ()
    auth_time: datetime | None = None
    error: str = ""

    def is_fresh(self, within: timedelta, now: datetime) -> bool:
        """Tell whether the person authenticated within the given time. Without `auth_time`, or with one yet to
        come, nobody knows: no."""
        return self.auth_time is not None and -LEEWAY <= now - self.auth_time <= within + LEEWAY

    def to_json(self) -> dict[str, Any]:
        return {
            "provider": self.provider,
            "outcome": self.outcome.value,
            "at": self.at.isoformat(),
            "amr": list(self.amr),
            "acr": self.acr,
            "acrs": list(self.acrs),
            "auth_time": self.auth_time.isoformat() if self.auth_time else None,
            "error": self.error,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Evidence":
        return cls(
            provider=raw["provider"],
            outcome=Outcome(raw["outcome"]),
            at=datetime.fromisoformat(raw["at"]),
            amr=tuple(raw["amr"]),
            acr=raw["acr"],
            acrs=tuple(raw["acrs"]),
            auth_time=datetime.fromisoformat(raw["auth_time"]) if raw["auth_time"] else None,
            error=raw["error"],
        )


def best_proof(evidence: Iterable[Evidence]) -> Evidence | None:
    """Return the most recent proof of MFA, or None."""
    proofs = [item for item in evidence if item.outcome is Outcome.MFA]
    return max(proofs, key=lambda item: item.auth_time or datetime.min.replace(tzinfo=UTC), default=None)
