"""What can be changed of a person."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.roles import Role


class Act(StrEnum):
    """In the order they are made in: what can be undone comes first."""

    ADD_ROLE = "add-role"
    REMOVE_ROLE = "remove-role"
    ENABLE = "enable"
    DISABLE = "disable"
    REQUIRE_REGISTRATION = "require-registration"
    REVOKE_SESSIONS = "revoke-sessions"


@dataclass(frozen=True, slots=True)
class Change:
    act: Act
    role: Role | None = None
