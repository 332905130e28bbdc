"""What this app writes to the audit log."""

from activity.actions import AuditAction


class SecurityAction(AuditAction):
    STATUS_REFRESHED = "security.status-refreshed"
