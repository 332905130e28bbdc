"""What this app writes to the audit log."""

from activity.actions import AuditAction


class AccountsAction(AuditAction):
    SIGNED_IN = "account.signed-in"
    VERIFIED = "account.verified"
    SIGNED_OUT = "account.signed-out"
    OTHERS_ENDED = "account.other-sessions-ended"
    SESSIONS_ENDED = "account.sessions-ended-by-provider"
    PARTNER_ENROLLED = "partner.enrolled"
    ROLES_CHANGED = "account.roles-changed-by-provider"
    DISABLED = "account.disabled-by-provider"
    ENABLED = "account.enabled-by-provider"
    METHOD_CHANGED = "account.method-changed-at-provider"
    CONSENT_REVOKED = "account.consent-revoked-at-provider"
    ROLE_ASSIGNED = "account.role-assigned"
    ROLE_REMOVED = "account.role-removed"
    USER_ENABLED = "account.user-enabled"
    USER_DISABLED = "account.user-disabled"
    SESSIONS_REVOKED = "account.sessions-revoked"
    REGISTRATION_REQUIRED = "account.registration-required"
    PASS_ISSUED = "account.temporary-pass-issued"
    GUEST_INVITED = "account.guest-invited"
    BULK_STARTED = "account.bulk-change-started"
    BULK_STOPPED = "account.bulk-change-stopped"
    BULK_FINISHED = "account.bulk-change-finished"
