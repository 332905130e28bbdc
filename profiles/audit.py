"""What the audit log says about a partner's profiles."""

from activity.actions import AuditAction


class ProfileAction(AuditAction):
    CHANGED = "profile.changed"
