"""What was done, by whom, to what."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from api.structs.base import Attributes, Shape


class Datum(Shape, frozen=True):
    key: str
    value: str | None


class AuditRecord(Shape, frozen=True):
    """The customer's fields and the old value stand where the record has them."""

    id: str
    partner_id: str
    user_principal_name: str
    resource_type: str
    resource_new_value: str
    operation_type: str
    operation_date: datetime
    operation_status: str
    customized_data: list[Datum]
    customer_id: str | UnsetType = UNSET
    customer_name: str | UnsetType = UNSET
    application_id: str | UnsetType = UNSET
    resource_old_value: str | UnsetType = UNSET
    original_correlation_id: str | UnsetType = UNSET
    attributes: Attributes = Attributes(object_type="AuditRecord")
