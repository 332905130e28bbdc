"""What this app writes to the audit log."""

from activity.actions import AuditAction


class SecurityAction(AuditAction):
    STATUS_REFRESHED = "security.status-refreshed"
    ALERT_TAKEN_UP = "security.alert-taken-up"
    ALERT_RESOLVED = "security.alert-resolved"
    ALERT_REOPENED = "security.alert-reopened"
    ALERT_NOTED = "security.alert-noted"
