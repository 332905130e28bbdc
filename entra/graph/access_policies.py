"""Conditional access policies in Graph's shape: written out, and read from a body (V13)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from entra.apps.models import Application
from entra.directory.models import DirectoryRole, Group, Tenant, User
from entra.graph.bodies import Part
from entra.graph.errors import GraphError
from entra.graph.moments import moment
from entra.policy.evaluate import EVERYBODY, Grant, PolicyState
from entra.policy.models import ConditionalAccessPolicy, CustomControl, NamedLocation

ALL, NOBODY, GUESTS, TRUSTED = "All", "None", "GuestsOrExternalUsers", "AllTrusted"
STATES = {
    "enabled": PolicyState.ON,
    "disabled": PolicyState.OFF,
    "enabledForReportingButNotEnforced": PolicyState.REPORT_ONLY,
}
STATE_NAMES = {state.value: name for name, state in STATES.items()}
_GRANTS = {"mfa": Grant.MFA, "block": Grant.BLOCK}
_KINDS = ("Users", "Groups", "Roles")


def policy_shape(policy: ConditionalAccessPolicy) -> dict[str, Any]:
    control = policy.custom_control
    return {
        "id": str(policy.pk),
        "displayName": policy.name,
        "state": STATE_NAMES[policy.state],
        "createdDateTime": moment(policy.created_at),
        "modifiedDateTime": moment(policy.modified_at),
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {
                "includeApplications": _everything(policy.include_applications) or [NOBODY],
                "excludeApplications": _everything(policy.exclude_applications),
            },
            "users": _users_shape(policy),
            "locations": _locations_shape(policy),
        },
        "grantControls": {
            "operator": "OR",
            "builtInControls": [] if control else [policy.grant],
            "customAuthenticationFactors": [str(control.pk)] if control else [],
        },
        "sessionControls": None,
    }


def _users_shape(policy: ConditionalAccessPolicy) -> dict[str, Any]:
    included = _everything(policy.include_users) + ([GUESTS] if policy.include_guests else [])
    return {
        "includeUsers": included or ([] if policy.include_groups or policy.include_roles else [NOBODY]),
        "excludeUsers": _everything(policy.exclude_users) + ([GUESTS] if policy.exclude_guests else []),
        "includeGroups": policy.include_groups,
        "excludeGroups": policy.exclude_groups,
        "includeRoles": policy.include_roles,
        "excludeRoles": policy.exclude_roles,
    }


def _locations_shape(policy: ConditionalAccessPolicy) -> dict[str, Any] | None:
    included = [str(one.pk) for one in policy.include_locations.all()] + ([TRUSTED] if policy.include_trusted else [])
    excluded = [str(one.pk) for one in policy.exclude_locations.all()] + ([TRUSTED] if policy.exclude_trusted else [])
    if not included and not excluded:
        return None
    return {"includeLocations": included or [ALL], "excludeLocations": excluded}


def _everything(ids: Iterable[str]) -> list[str]:
    return [ALL if one == EVERYBODY else one for one in ids]


def merged(shape: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A policy with the changes of a PATCH: objects are merged, lists and values replaced."""
    found = dict(shape)
    for name, value in changes.items():
        old = found.get(name)
        found[name] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return found


def facts_of(tenant: Tenant, body: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `save_policy` that the body stands for. Raises GraphError for what cannot be kept."""
    whole = Part(body)
    whole.refuse_others(
        ("id", "displayName", "state", "createdDateTime", "modifiedDateTime", "conditions", "grantControls")
    )
    conditions = whole.part("conditions")
    conditions.refuse_others(("clientAppTypes", "applications", "users", "locations"))
    if conditions.texts("clientAppTypes") not in ([], ["all"]):
        raise GraphError.bad_request("'conditions.clientAppTypes' has to be [\"all\"].")
    return {
        "name": whole.text("displayName", longest=120),
        "state": whole.choice("state", STATES),
        **_grant(tenant, whole.part("grantControls")),
        **_applications(conditions.part("applications")),
        **_users(tenant, conditions.part("users")),
        **_locations(tenant, conditions.part("locations")),
    }


def _grant(tenant: Tenant, part: Part) -> dict[str, Any]:
    part.refuse_others(("operator", "builtInControls", "customAuthenticationFactors"))
    built_in, controls = part.texts("builtInControls"), part.texts("customAuthenticationFactors")
    if len(built_in) + len(controls) != 1 or (built_in and built_in[0] not in _GRANTS):
        raise GraphError.bad_request("'grantControls' has to hold one control: mfa, block, or a custom control's id.")
    if built_in:
        return {"grant": _GRANTS[built_in[0]], "custom_control": None}
    _known(CustomControl.objects.filter(tenant=tenant), controls, "custom control")
    return {"grant": Grant.CUSTOM_CONTROL, "custom_control": CustomControl.objects.get(pk=controls[0])}


def _applications(part: Part) -> dict[str, Any]:
    part.refuse_others(("includeApplications", "excludeApplications"))
    facts = {}
    for side in ("include", "exclude"):
        given = part.texts(f"{side}Applications")
        ids = [one for one in given if one not in {ALL, NOBODY}]
        _known(Application.objects.all(), ids, "application")
        facts[f"{side}_applications"] = [EVERYBODY] if ALL in given else [str(UUID(one)) for one in ids]
    if not part.texts("includeApplications"):
        raise GraphError.bad_request("'conditions.applications.includeApplications' names no application.")
    return facts


def _users(tenant: Tenant, part: Part) -> dict[str, Any]:
    names = [f"{side}{kind}" for side in ("include", "exclude") for kind in _KINDS]
    part.refuse_others(names)
    if not any(part.texts(f"include{kind}") for kind in _KINDS):
        raise GraphError.bad_request("'conditions.users' names nobody; say \"None\" where that is meant.")
    facts: dict[str, Any] = {}
    for side in ("include", "exclude"):
        given = part.texts(f"{side}Users")
        ids = [one for one in given if one not in {ALL, NOBODY, GUESTS}]
        groups, roles = part.texts(f"{side}Groups"), part.texts(f"{side}Roles")
        _known(User.objects.filter(tenant=tenant), ids, "user")
        _known(Group.objects.filter(tenant=tenant), groups, "group")
        if unknown := [one for one in roles if one not in DirectoryRole.values]:
            raise GraphError.bad_request(f"There is no role '{unknown[0][:60]}'.")
        facts[f"{side}_users"] = [EVERYBODY] if ALL in given else [str(UUID(one)) for one in ids]
        facts[f"{side}_guests"] = GUESTS in given
        facts[f"{side}_groups"] = [str(UUID(one)) for one in groups]
        facts[f"{side}_roles"] = roles
    return facts


def _locations(tenant: Tenant, part: Part) -> dict[str, Any]:
    part.refuse_others(("includeLocations", "excludeLocations"))
    facts: dict[str, Any] = {}
    for side in ("include", "exclude"):
        given = part.texts(f"{side}Locations")
        ids = [one for one in given if one not in {ALL, TRUSTED}]
        known = _known(NamedLocation.objects.filter(tenant=tenant), ids, "named location")
        facts[f"{side}_trusted"] = TRUSTED in given
        facts[f"{side}_locations"] = known
    if ALL in part.texts("excludeLocations"):
        raise GraphError.bad_request("'conditions.locations.excludeLocations' excludes everything.")
    if ALL in part.texts("includeLocations"):
        facts |= {"include_locations": [], "include_trusted": False}
    elif part.texts("excludeLocations") and not part.texts("includeLocations"):
        raise GraphError.bad_request("'conditions.locations.includeLocations' is empty; say \"All\" if that is meant.")
    return facts


def _known(rows: "QuerySet[Any]", ids: list[str], what: str) -> list[Model]:
    """The rows with these ids. Another tenant's id is as unknown as any other."""
    wanted = [_uuid(one) for one in ids]
    found = {row.pk: row for row in rows.filter(pk__in=[one for one in wanted if one])} if ids else {}
    for text, pk in zip(ids, wanted, strict=True):
        if pk not in found:
            raise GraphError.bad_request(f"There is no {what} '{text[:60]}'.")
    return [found[pk] for pk in wanted]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
