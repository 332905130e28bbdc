"""Loads the policies of the demo world. A tenant that has a policy already keeps it; addresses follow the site."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from entra.directory.models import Group, User
from entra.policy.evaluate import EVERYBODY, Grant, PerUserMfaState, PolicyState
from entra.policy.models import (
    AuthenticationPolicy,
    ConditionalAccessPolicy,
    CustomControl,
    PerUserMfa,
    SecurityDefaults,
)

ControlKey = Callable[[str], tuple[str, str, str]]
"""Takes a third party's name; returns its URL, the issuer of its answers and its PEM certificate."""


@transaction.atomic
def load_policies(world: dict[str, Any], control_key: ControlKey) -> None:
    for row in world["tenants"]:
        policy = row.get("policy")
        if policy is None:
            continue
        _load_controls(row["id"], policy.get("customControls", []), control_key)
        if _has_policy(row["id"]):
            continue
        if policy.get("securityDefaults"):
            SecurityDefaults.objects.create(tenant_id=row["id"], enabled_at=timezone.now())
        if "allowedMethods" in policy:
            AuthenticationPolicy.objects.create(tenant_id=row["id"], allowed_methods=policy["allowedMethods"])
        for state, names in policy.get("perUserMfa", {}).items():
            for user in User.objects.filter(user_principal_name__in=names):
                PerUserMfa.objects.create(user=user, state=PerUserMfaState(state))
        for access in policy.get("conditionalAccess", []):
            _load_access_policy(row["id"], access)


def _load_controls(tenant_id: str, controls: list[dict[str, Any]], control_key: ControlKey) -> None:
    """Addresses and certificate follow the site, which may have moved to other ports or to https."""
    for control in controls:
        url, issuer, certificate = control_key(control["provider"])
        CustomControl.objects.update_or_create(
            tenant_id=tenant_id,
            name=control["name"],
            defaults={"url": url, "issuer": issuer, "certificate": certificate},
        )


def _has_policy(tenant_id: str) -> bool:
    return (
        SecurityDefaults.objects.filter(tenant_id=tenant_id).exists()
        or AuthenticationPolicy.objects.filter(tenant_id=tenant_id).exists()
        or PerUserMfa.objects.filter(user__tenant_id=tenant_id).exists()
        or ConditionalAccessPolicy.objects.filter(tenant_id=tenant_id).exists()
    )


def _load_access_policy(tenant_id: str, row: dict[str, Any]) -> None:
    control = row.get("customControl")
    ConditionalAccessPolicy.objects.create(
        tenant_id=tenant_id,
        name=row["name"],
        state=PolicyState(row["state"]),
        include_users=_user_ids(row.get("includeUsers", [])),
        exclude_users=_user_ids(row.get("excludeUsers", [])),
        include_groups=_group_ids(tenant_id, row.get("includeGroups", [])),
        exclude_groups=_group_ids(tenant_id, row.get("excludeGroups", [])),
        include_guests=row.get("includeGuests", False),
        exclude_guests=row.get("excludeGuests", False),
        include_applications=row.get("includeApps", []),
        exclude_applications=row.get("excludeApps", []),
        grant=Grant(row["grant"]),
        custom_control=CustomControl.objects.get(tenant_id=tenant_id, name=control) if control else None,
    )


def _user_ids(names: list[str]) -> list[str]:
    return [name if name == EVERYBODY else str(User.objects.get(user_principal_name=name).pk) for name in names]


def _group_ids(tenant_id: str, names: list[str]) -> list[str]:
    return [str(Group.objects.get(tenant_id=tenant_id, display_name=name).pk) for name in names]
