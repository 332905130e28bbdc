"""What the audit log says about customer requests."""

from activity.actions import AuditAction


class RequestAction(AuditAction):
    OPENED = "request.opened"
    REPLIED = "request.replied"
    CLOSED = "request.closed"
    REOPENED = "request.reopened"
