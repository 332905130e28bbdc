"""What this app writes to the audit log."""

from activity.actions import AuditAction


class SecurityAction(AuditAction):
    STATUS_REFRESHED = "security.status-refreshed"
    MAIL_CONFIRMATION_ASKED = "security.mail-confirmation-asked"
    MAIL_CONFIRMED = "security.mail-confirmed"
    MAIL_CHANGED = "security.mail-changed"
    MAIL_REMOVED = "security.mail-removed"
    MAIL_UNSUBSCRIBED = "security.mail-unsubscribed"
    ALERT_TAKEN_UP = "security.alert-taken-up"
    ALERT_RESOLVED = "security.alert-resolved"
    ALERT_REOPENED = "security.alert-reopened"
    ALERT_NOTED = "security.alert-noted"
    REGISTRATION_ASKED = "security.registration-asked"
    CONTACT_CHANGED = "security.contact-changed"
