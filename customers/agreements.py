"""The agreements that a customer can accept: their templates, by type."""

from dataclasses import dataclass
from uuid import UUID

from customers.models.agreement import AgreementType


@dataclass(frozen=True, slots=True)
class Template:
    id: UUID
    type: AgreementType
    link: str


TEMPLATES = (
    Template(UUID("117a77b0-9360-443b-8795-c6dedc750cf9"), AgreementType.CUSTOMER, "https://aka.ms/customeragreement"),
    Template(
        UUID("998b88de-aa99-4388-a42c-1b3517d49490"),
        AgreementType.CLOUD,
        "https://docs.microsoft.com/partner-center/agreements",
    ),
)
