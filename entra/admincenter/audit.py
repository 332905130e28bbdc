"""The admin center's own audit records; changes of policies and federation are recorded by their services."""

from activity.actions import AuditAction


class AdminCenterAction(AuditAction):
    SIGNED_IN = "adminCenter.signedIn"
    VERIFIED = "adminCenter.verified"
    SIGNED_OUT = "adminCenter.signedOut"
    REGISTRATION_REQUESTED = "adminCenter.registrationRequested"
