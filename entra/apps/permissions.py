"""The permissions of the directory API, by Microsoft Graph's own names, and of Partner Center (S12, S13).

The same name is a delegated permission (a scope: the application acts as the signed-in user, within that user's
roles) and an application permission (a role: the application acts as itself).
"""

from enum import StrEnum


class GraphPermission(StrEnum):
    USER_READ = "User.Read"
    USER_READ_ALL = "User.Read.All"
    USER_READ_WRITE_ALL = "User.ReadWrite.All"
    USER_INVITE_ALL = "User.Invite.All"
    USER_REVOKE_SESSIONS_ALL = "User.RevokeSessions.All"
    GROUP_READ_ALL = "Group.Read.All"
    GROUP_MEMBER_READ_ALL = "GroupMember.Read.All"
    GROUP_MEMBER_READ_WRITE_ALL = "GroupMember.ReadWrite.All"
    ROLES_READ = "RoleManagement.Read.Directory"
    ROLES_READ_WRITE = "RoleManagement.ReadWrite.Directory"
    DIRECTORY_ACCESS_AS_USER = "Directory.AccessAsUser.All"
    METHODS_READ_WRITE_ALL = "UserAuthenticationMethod.ReadWrite.All"
    AUDIT_LOG_READ_ALL = "AuditLog.Read.All"
    REPORTS_READ_ALL = "Reports.Read.All"
    POLICY_READ_ALL = "Policy.Read.All"
    POLICY_READ_WRITE_CONDITIONAL_ACCESS = "Policy.ReadWrite.ConditionalAccess"
    POLICY_READ_WRITE_SECURITY_DEFAULTS = "Policy.ReadWrite.SecurityDefaults"
    POLICY_READ_WRITE_CROSS_TENANT_ACCESS = "Policy.ReadWrite.CrossTenantAccess"
    POLICY_READ_WRITE_METHODS = "Policy.ReadWrite.AuthenticationMethod"
    APPLICATION_READ_ALL = "Application.Read.All"
    DOMAIN_READ_ALL = "Domain.Read.All"
    DOMAIN_READ_WRITE_ALL = "Domain.ReadWrite.All"


APPLICATION_PERMISSIONS = frozenset(GraphPermission) - {
    GraphPermission.USER_READ,
    GraphPermission.DIRECTORY_ACCESS_AS_USER,
}
"""Those that an application can have by itself; the others mean nothing without a signed-in user."""

PARTNER_CENTER_PERMISSIONS = frozenset({"user_impersonation"})
PARTNER_CENTER_APPLICATION_PERMISSIONS = frozenset({"PartnerCenter.Access.All"})
"""Whether an application may call Partner Center by itself at all; what it may do there is Partner Center's to say."""
