"""Reads of the directory that sign-in, tokens and policy share (requirements M21, V1 to V4)."""

import uuid

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import CharField, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from activity.prepared import Prepared
from entra.directory.models import (
    ADMIN_CENTER_ROLES,
    DirectoryRole,
    Domain,
    Group,
    GroupMembership,
    GroupNesting,
    RoleAssignment,
    Tenant,
    User,
)


def find_domain(sign_in_name: str) -> Domain | None:
    """Return the verified domain of a sign-in name (or of a bare domain name); None when no tenant owns it."""
    name = domain_name(sign_in_name)
    found: Domain | None = _domain.first(name) if name.isprintable() else None
    return found


def domain_name(sign_in_name: str) -> str:
    return sign_in_name.strip().lower().rpartition("@")[2]


def find_tenant(segment: str) -> Tenant | None:
    """Return the tenant that the first path segment names: its id or one of its verified domains."""
    try:
        found: Tenant | None = _tenant.first(uuid.UUID(segment))
        return found
    except ValueError:
        domain = find_domain(segment)
        return domain.tenant if domain else None


def find_home_account(sign_in_name: str) -> User | None:
    """Return the account that signs in with this name. Guests are not found: they sign in with their home name."""
    name = sign_in_name.strip().lower()
    found: User | None = _home_account.first(name) if name.isprintable() else None
    return found


def accounts_of(domain: Domain) -> "QuerySet[User]":
    """Return the accounts that sign in with a name of `domain`."""
    return User.objects.filter(home_account=None, user_principal_name__endswith=f"@{domain.name}")


def without_password(accounts: "QuerySet[User]") -> "QuerySet[User]":
    """Return those whose password nobody knows here: they sign in elsewhere, or with a temporary access pass."""
    return accounts.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def account_in(home: User, tenant: Tenant) -> User | None:
    """Return the account that stands for `home` in `tenant`: itself, its guest account there, or None."""
    if home.tenant_id == tenant.pk:
        return home
    return User.objects.select_related("tenant", "home_account").filter(tenant=tenant, home_account=home).first()


def administered_tenants(account: User) -> list[Tenant]:
    """Return the tenants whose admin center the person behind `account` may open, at home or as a guest, by name."""
    home = account.home
    theirs = User.objects.filter(Q(pk=home.pk) | Q(home_account=home), account_enabled=True)
    holding = theirs.filter(role_assignments__role__in=ADMIN_CENTER_ROLES)
    return list(Tenant.objects.filter(users__in=holding).distinct().order_by("display_name", "pk"))


def group_ids(account: User) -> list[uuid.UUID]:
    """Return the ids of every group the account is in, directly or through nesting (the `groups` claim), sorted."""
    return _with_nesting({group_id for (group_id,) in _memberships.all(account.pk)})


def groups_and_roles(account: User) -> tuple[list[uuid.UUID], list[str]]:
    """Return what `group_ids` and `role_template_ids` do; in one query where no group is in another."""
    held = _groups_and_roles.all(account.pk)
    return _with_nesting({uuid.UUID(group) for group, _role in held if group}), sorted(role for _, role in held if role)


def _with_nesting(found: set[uuid.UUID]) -> list[uuid.UUID]:
    frontier = set(found)
    while frontier:
        outer = GroupNesting.objects.filter(inner_id__in=frontier).values_list("outer_id", flat=True)
        frontier = set(outer) - found
        found |= frontier
    return sorted(found)


def groups_of(account: User) -> list[Group]:
    return list(Group.objects.filter(pk__in=group_ids(account)).order_by("display_name"))


def nested_group_ids(group: Group) -> set[uuid.UUID]:
    """Return the ids of the group and of every group inside it, directly or through nesting."""
    found = {group.pk}
    frontier = set(found)
    while frontier:
        inner = GroupNesting.objects.filter(outer_id__in=frontier).values_list("inner_id", flat=True)
        frontier = set(inner) - found
        found |= frontier
    return found


def owns(account: User, group: Group) -> bool:
    """Whether the account is in the group that owns `group` (M8)."""
    return group.owned_by_id is not None and group.owned_by_id in group_ids(account)


def role_id(tenant: Tenant, role: DirectoryRole) -> uuid.UUID:
    """Return the id of the role's object in `tenant`: always the same one, and another one in every tenant."""
    return uuid.uuid5(tenant.pk, role.value)


def role_template_ids(account: User) -> list[str]:
    """Return the template ids of the account's directory roles (the `wids` claim), sorted."""
    return sorted(role for (role,) in _roles.all(account.pk))


_tenant = Prepared[Tenant](lambda pk: Tenant.objects.filter(pk=pk), UUIDField())
_domain = Prepared[Domain](lambda name: Domain.objects.select_related("tenant").filter(name=name), CharField())
_home_account = Prepared[User](
    lambda name: User.objects.select_related("tenant").filter(user_principal_name=name, home_account=None), CharField()
)
_memberships = Prepared[GroupMembership](
    lambda user: GroupMembership.objects.filter(user=user).values_list("group_id"), UUIDField()
)
_groups_and_roles = Prepared[GroupMembership](
    lambda user: (
        GroupMembership.objects.filter(user=user)
        .values_list(Cast("group_id", CharField()), Value("", CharField()))
        .union(RoleAssignment.objects.filter(user=user).values_list(Value("", CharField()), "role"), all=True)
    ),
    UUIDField(),
)
_roles = Prepared[RoleAssignment](
    lambda user: RoleAssignment.objects.filter(user=user).values_list("role"), UUIDField()
)
