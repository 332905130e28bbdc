"""The audit records of the directory's verbs."""

from typing import Any

from activity.actions import AuditAction
from activity.services import record_audit
from entra.directory.models import Group, User


class DirectoryAction(AuditAction):
    USERS_ADDED = "users.added"
    USER_CHANGED = "user.changed"
    USER_ENABLED = "user.enabled"
    USER_DISABLED = "user.disabled"
    USER_INVITED = "user.invited"
    SESSIONS_REVOKED = "user.sessionsRevoked"
    GROUP_MEMBER_ADDED = "group.memberAdded"
    GROUP_MEMBER_REMOVED = "group.memberRemoved"
    ROLE_ASSIGNED = "role.assigned"
    ROLE_REMOVED = "role.removed"


def record(action: DirectoryAction, subject: User | Group, actor: str, **detail: Any) -> None:
    """Append the record of an act upon an account or a group of the same tenant."""
    name = {"user": subject.user_principal_name} if isinstance(subject, User) else {"group": subject.display_name}
    record_audit(
        action=action, actor=actor, tenant_id=subject.tenant_id, subject=str(subject.pk), detail={**name, **detail}
    )
