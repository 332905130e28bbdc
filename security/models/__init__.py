"""What the portal stores about a partner's security: the requirements' status, alerts, and the places they rest on."""

from security.models.alert import AlertNote, SecurityAlert
from security.models.application import ApplicationName
from security.models.ask import RegistrationAsk
from security.models.contact import SecurityContact
from security.models.finding import Finding
from security.models.mail import MailSubscription
from security.models.place import KnownPlace, Watermark
from security.models.status import AccountStatus, StatusSnapshot, obstacles, options

__all__ = [
    "AccountStatus",
    "AlertNote",
    "ApplicationName",
    "Finding",
    "KnownPlace",
    "MailSubscription",
    "RegistrationAsk",
    "SecurityAlert",
    "SecurityContact",
    "StatusSnapshot",
    "Watermark",
    "obstacles",
    "options",
]
