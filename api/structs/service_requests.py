"""Service requests and service incidents."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from api.structs.base import Attributes, Shape


class Organization(Shape, frozen=True):
    id: str
    name: str
    phone_number: str


class Contact(Shape, frozen=True):
    last_name: str
    first_name: str
    email: str | UnsetType = UNSET


class Note(Shape, frozen=True):
    created_by_name: str
    created_date: datetime
    text: str


class FileInfo(Shape, frozen=True):
    id: str
    file_name_without_extension: str
    file_extension: str
    file_size: int
    comment: str = ""


class ServiceRequest(Shape, frozen=True):
    """A list has the first eight and `attributes`; what belongs to one request is in the answer about it only."""

    id: str
    title: str
    severity: str
    status: str
    primary_contact: Contact
    created_date: datetime
    last_modified_date: datetime
    last_closed_date: datetime
    description: str | UnsetType = UNSET
    organization: Organization | UnsetType = UNSET
    last_updated_by: Contact | UnsetType = UNSET
    support_topic_id: str | UnsetType = UNSET
    support_topic_name: str | UnsetType = UNSET
    product_name: str | UnsetType = UNSET
    country_code: str | UnsetType = UNSET
    notes: list[Note] | UnsetType = UNSET
    file_links: list[FileInfo] | UnsetType = UNSET
    attributes: Attributes = Attributes(object_type="ServiceRequest")


class SupportTopic(Shape, frozen=True):
    """A number here, text in a service request: as in the public samples."""

    name: str
    description: str
    id: int
    attributes: Attributes = Attributes(object_type="SupportTopic")


class NewNote(Shape, frozen=True):
    text: str


class ServiceRequestChange(Shape, frozen=True):
    """Clients send the whole resource, with null, none or unknown in what is to stay; older ones send numbers."""

    status: str | int | None = None
    severity: str | int | None = None
    new_note: NewNote | None = None


class Message(Shape, frozen=True):
    published_time: datetime
    message_text: str


class Incident(Shape, frozen=True):
    id: str
    workload: str
    affected_workload_names: list[str]
    impacted_area: str
    message_type: str
    start_time: datetime
    end_time: datetime | None
    status: str
    severity: str
    resolved: bool
    messages: list[Message]
    attributes: Attributes = Attributes(object_type="ServiceIncidentDetail")


class ServiceIncidents(Shape, frozen=True):
    """All of one workload; its status is that of the worst incident that is not over."""

    workload: str
    status: str
    incidents: list[Incident]
    message_center_messages: list[Incident] = []
    attributes: Attributes = Attributes(object_type="ServiceIncidents")
