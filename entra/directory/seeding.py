"""Loads the directory part of the demo world. What is there already is left as it is."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from entra.directory.models import (
    AccountClass,
    DirectoryRole,
    Domain,
    Group,
    GroupMembership,
    GroupNesting,
    RoleAssignment,
    Tenant,
    User,
    UserType,
)

_ROLES = {role.label: role for role in DirectoryRole}


@transaction.atomic
def load_directory(world: dict[str, Any]) -> int:
    """Create the tenants, users, groups and roles of `world` that do not exist yet; return how many users were new."""
    created = 0
    password = make_password(world["password"])  # public and the same for everybody, so hashed once
    for row in world["tenants"]:
        tenant, _ = Tenant.objects.get_or_create(
            pk=row["id"], defaults={"display_name": row["name"], "country_code": row["country"]}
        )
        for position, name in enumerate(row["domains"]):
            Domain.objects.get_or_create(name=name, defaults={"tenant": tenant, "is_default": position == 0})
    # Members come first: a guest points at a home account in any other tenant.
    for guests in (False, True):
        for row in world["tenants"]:
            for user in row["users"]:
                if ("home" in user) == guests:
                    # Guests and federated users have no password here: their home realm checks it.
                    secret = make_password(None) if guests or "federation" in row else password
                    created += _load_user(row["id"], user, secret)
    for row in world["tenants"]:
        _load_groups(row)
    return created


def _load_user(tenant_id: str, row: dict[str, Any], password: str) -> bool:
    if User.objects.filter(pk=row["id"]).exists():
        return False
    home = User.objects.get(user_principal_name=row["home"]) if "home" in row else None
    user = User.objects.create(
        pk=row["id"],
        tenant_id=tenant_id,
        user_principal_name=row["upn"],
        display_name=row["name"],
        given_name=row["givenName"],
        surname=row["surname"],
        mail=row.get("mail", "" if "#" in row["upn"] else row["upn"]),
        user_type=UserType.GUEST if home else UserType.MEMBER,
        account_class=AccountClass(row.get("class", AccountClass.PERSON)),
        account_enabled=row.get("enabled", True),
        home_account=home,
        password=password,
    )
    for role in row.get("roles", []):
        RoleAssignment.objects.create(user=user, role=_ROLES[role])
    return True


def _load_groups(row: dict[str, Any]) -> None:
    fresh = []
    for group in row["groups"]:
        _, created = Group.objects.get_or_create(
            pk=group["id"], defaults={"tenant_id": row["id"], "display_name": group["name"]}
        )
        if created:
            fresh.append(group)
    ids = {group["name"]: group["id"] for group in row["groups"]}
    for group in fresh:
        for upn in group["members"]:
            GroupMembership.objects.create(group_id=group["id"], user=User.objects.get(user_principal_name=upn))
        for name in group.get("groups", []):
            GroupNesting.objects.create(outer_id=group["id"], inner_id=ids[name])
        if "ownedBy" in group:
            Group.objects.filter(pk=group["id"]).update(owned_by=ids[group["ownedBy"]])
