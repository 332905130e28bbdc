"""What the audit log says about webhooks."""

from activity.actions import AuditAction


class WebhookAction(AuditAction):
    REGISTERED = "webhook.registered"
    CHANGED = "webhook.changed"
    TESTED = "webhook.tested"
