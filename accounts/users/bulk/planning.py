"""What one row of a bulk change comes to: the changes that are needed, or why there can be none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import BulkRow, PartnerTenant, User
from accounts.roles import Role
from accounts.users.acts import Act, Change
from accounts.users.assignment import changeable_roles
from accounts.users.bulk.problems import Problem, RowProblem
from accounts.users.bulk.reading import roles_of
from accounts.users.person import Person


@dataclass(frozen=True, slots=True)
class Before:
    """What the person held directly, and whether they could sign in, when the row was begun."""

    roles: frozenset[Role]
    enabled: bool

    def to_json(self) -> dict[str, Any]:
        return {"roles": sorted(role.value for role in self.roles), "enabled": self.enabled}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Before":
        return cls(frozenset(roles_of(raw["roles"])), bool(raw["enabled"]))


def plan(row: BulkRow, person: Person, before: Before, *, by: User, tenant: PartnerTenant) -> list[Change]:
    """The changes that bring the person from `before` to what the row says. Raises RowProblem."""
    _refuse(row, person, by=by, tenant=tenant)
    changes = [Change(Act.ADD_ROLE, role) for role in roles_of(row.add_roles) if role not in before.roles]
    changes += [Change(Act.REMOVE_ROLE, role) for role in roles_of(row.remove_roles) if role in before.roles]
    if row.enable is not None and row.enable is not before.enabled:
        changes.append(Change(Act.ENABLE if row.enable else Act.DISABLE))
    if row.require_registration:
        changes += [Change(Act.REQUIRE_REGISTRATION), Change(Act.REVOKE_SESSIONS)]
    return changes


def _refuse(row: BulkRow, person: Person, *, by: User, tenant: PartnerTenant) -> None:
    if str(person.id) == by.oid:
        raise RowProblem(Problem.YOURSELF)
    asked = set(roles_of([*row.add_roles, *row.remove_roles]))
    if others := asked - set(changeable_roles(by.roles, tenant)):
        raise RowProblem(Problem.NOT_YOURS, ", ".join(sorted(others)))
    if (row.enable is not None or row.require_registration) and Role.GLOBAL_ADMIN not in by.roles:
        raise RowProblem(Problem.NOT_YOURS)
    if row.require_registration and person.guest:
        raise RowProblem(Problem.GUEST)
