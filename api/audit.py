"""What the audit log says about the tools for developers."""

from activity.actions import AuditAction


class ApiAction(AuditAction):
    FAULTS_STARTED = "api.faults-started"
    FAULTS_ENDED = "api.faults-ended"
