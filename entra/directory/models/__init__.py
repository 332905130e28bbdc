"""Tenants, domains, users, groups and role assignments (requirements M15, M21, V1-V4)."""

from entra.directory.models.group import Group, GroupMembership, GroupNesting
from entra.directory.models.methods import (
    AuthenticatorApp,
    GuessLimit,
    HardwareToken,
    RecoveryCode,
    SecurityKey,
    TemporaryAccessPass,
)
from entra.directory.models.role import ADMIN_CENTER_ROLES, DirectoryRole, RoleAssignment
from entra.directory.models.tenant import Domain, DomainAuthentication, Tenant
from entra.directory.models.user import AccountClass, User, UserType

__all__ = [
    "ADMIN_CENTER_ROLES",
    "AccountClass",
    "AuthenticatorApp",
    "DirectoryRole",
    "Domain",
    "DomainAuthentication",
    "Group",
    "GroupMembership",
    "GroupNesting",
    "GuessLimit",
    "HardwareToken",
    "RecoveryCode",
    "RoleAssignment",
    "SecurityKey",
    "TemporaryAccessPass",
    "Tenant",
    "User",
    "UserType",
]
