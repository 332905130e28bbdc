"""Who works without MFA, and which applications let them."""

from datetime import date, datetime

from api.structs.base import Shape


class NonCompliantPrincipal(Shape, frozen=True):
    object_id: str
    tenant_id: str
    upn: str
    last_non_mfa_compliant_request_date_time: datetime


class ApplicationAdoption(Shape, frozen=True):
    """App+User requests of one application on one day."""

    login_date: date
    mfa_compliant_request_count: int
    total_request_count: int
    application_id: str
    application_name: str


class PartnerRequest(Shape, frozen=True):
    request_id: str
    correlation_id: str
    operation_name: str
    request_date_time: datetime
    source_ip_address: str
    object_id: str
    tenant_id: str
    upn: str
    application_id: str
    mfa_compliant: bool
