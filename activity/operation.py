"""What the access layer tells the operation log about the request in hand."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Operation:
    """A signed-in user is allowed into an area. Set as `request.operation` for areas that count (Q10), else not set."""

    tenant_id: UUID
    user_id: str
    user_name: str
    area: str
    mfa: bool
