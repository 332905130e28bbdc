from support.models.attachment import Attachment, AttachmentContent
from support.models.incident import IncidentStatus, IncidentUpdate, ServiceIncident
from support.models.presence import Presence
from support.models.request import CustomerRequest, Note, RequestCount, RequestStatus, Severity
from support.models.topic import SupportTopic

__all__ = [
    "Attachment",
    "AttachmentContent",
    "CustomerRequest",
    "IncidentStatus",
    "IncidentUpdate",
    "Note",
    "Presence",
    "RequestCount",
    "RequestStatus",
    "ServiceIncident",
    "Severity",
    "SupportTopic",
]
