"""Conditional access policies as Graph shows them, read as what they mean for MFA at Partner Center (Q9, V9, V13).

A part that is not understood is taken against the policy: as a condition, or as demanding nothing.
"""

from collections.abc import Mapping
from typing import Any

from accounts.enforcement import Foreign, Policy, Scope

Part = Mapping[str, Any]
_REPORT_ONLY = "enabledForReportingButNotEnforced"
_EVERYTHING, _GUESTS = "all", "guestsorexternalusers"
_KINDS = {kind.value.lower(): kind for kind in Foreign}
_KNOWN = {
    "users": ("Users", "Groups", "Roles", "GuestsOrExternalUsers"),
    "applications": ("Applications", "UserActions", "AuthenticationContextClassReferences"),
}
"""The lists that are read below, each with `include` or `exclude` before it. Whatever else narrows is a condition."""


def policy_of(row: Part, applications: frozenset[str]) -> Policy | None:
    """Return the policy, or None: switched off, for other applications, or without a second factor in its demands.

    `applications` are the ids of Partner Center, in lower case.
    """
    conditions = _part(row, "conditions")
    demand = _demand(_part(row, "grantControls"))
    if row.get("state") not in {"enabled", _REPORT_ONLY} or demand is None:
        return None
    if not _covers(_part(conditions, "applications"), applications):
        return None
    custom_control, alternatives = demand
    users = _part(conditions, "users")
    return Policy(
        name=str(row.get("displayName") or row.get("id") or ""),
        include=_scope(users, "include"),
        exclude=_scope(users, "exclude"),
        custom_control=custom_control,
        conditional=alternatives or _is_conditional(conditions),
        report_only=row["state"] == _REPORT_ONLY,
        id=str(row.get("id") or ""),
    )


def _demand(grant: Part) -> tuple[bool, bool] | None:
    """Whether a custom control can meet the demand, and whether another thing than MFA can. None: no second factor.

    An authentication strength says by itself whether meeting it gives the MFA claim (`requirementsSatisfied`): `mfa`
    in the built-in ones, and in one of the tenant's own unless it allows a single factor.
    """
    built_in, custom = _texts(grant, "builtInControls"), _texts(grant, "customAuthenticationFactors")
    strength = _part(grant, "authenticationStrength")
    strong = strength.get("requirementsSatisfied") == "mfa"
    others = (built_in - {"mfa"}) | _texts(grant, "termsOfUse")
    if "mfa" not in built_in and not strong:
        return (True, bool(others)) if custom else None
    if grant.get("operator") == "AND":
        return False, False
    return bool(custom), bool(others or (strength and not strong))


def _covers(part: Part, applications: frozenset[str]) -> bool:
    included, excluded = _texts(part, "includeApplications"), _texts(part, "excludeApplications")
    anything = applications | {_EVERYTHING}
    return bool(included & anything) and not excluded & anything


def _scope(users: Part, side: str) -> Scope:
    named, guests = _texts(users, f"{side}Users"), _part(users, f"{side}GuestsOrExternalUsers")
    foreign = frozenset(Foreign) if _GUESTS in named else _kinds(guests, some_count=side == "exclude")
    return Scope(
        everybody=_EVERYTHING in named,
        users=named - {_EVERYTHING, _GUESTS},
        groups=_texts(users, f"{side}Groups"),
        roles=_texts(users, f"{side}Roles"),
        foreign=foreign,
    )


def _kinds(guests: Part, *, some_count: bool) -> frozenset[Foreign]:
    """The kinds of foreign accounts named. Of some organizations only: that is all of them where it may be one
    excluded (`some_count`), and none where it may be one included, as nobody's organization is known here."""
    everywhere = _part(guests, "externalTenants").get("membershipKind", _EVERYTHING) == _EVERYTHING
    names = str(guests.get("guestOrExternalUserTypes") or "").lower().split(",") if everywhere or some_count else []
    return frozenset(_KINDS[name.strip()] for name in names if name.strip() in _KINDS)


def _is_conditional(conditions: Part) -> bool:
    """Whether anything but "all" stands in a condition, also in one that is not known here."""
    if not all(_is_open(value) for name, value in conditions.items() if name not in _KNOWN and "@" not in name):
        return True
    for where, known in _KNOWN.items():
        read = {f"{side}{name}" for side in ("include", "exclude") for name in known}
        if any(value for name, value in _part(conditions, where).items() if name not in read and "@" not in name):
            return True
    return False


def _is_open(value: object) -> bool:
    """Whether a condition leaves nothing out."""
    if isinstance(value, Mapping):
        parts = [(name, part) for name, part in value.items() if "@" not in name]
        return all(not part if name.startswith("exclude") else _is_open(part) for name, part in parts)
    if isinstance(value, list):
        return all(isinstance(one, str) and one.lower() == _EVERYTHING for one in value)
    return not value


def _part(whole: Part, name: str) -> Part:
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}


def _texts(whole: Part, name: str) -> frozenset[str]:
    """A list of ids and words, in lower case: Graph writes ids in either."""
    found = whole.get(name)
    return frozenset(str(one).lower() for one in found) if isinstance(found, list) else frozenset()
