"""What the operation log keeps: operations in the portal (Q10) and calls of the REST API (Q4), as flat entries."""

import time
import uuid
from dataclasses import dataclass
from uuid import UUID

Entry = dict[str, str]
"""All values as text, as a Redis stream holds them. `channel` names the table."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A signed-in user is allowed into an area. Set as `request.operation` for areas that count (Q10), else not set."""

    tenant_id: UUID
    user_id: str
    user_name: str
    area: str
    mfa: bool

    def entry(self, path: str) -> Entry:
        return {
            "channel": "portal",
            "id": uuid.uuid4().hex,
            "at": repr(time.time()),
            "tenant_id": self.tenant_id.hex,
            "user_id": self.user_id[:64],
            "user_name": self.user_name[:255],
            "area": self.area,
            "path": _storable(path, 255),
            "mfa": "1" if self.mfa else "0",
        }


@dataclass(frozen=True, slots=True)
class ApiCall:
    """An authenticated call of the REST API and how it was answered."""

    tenant_id: UUID
    user_id: str
    user_name: str
    application_id: str
    operation: str
    path: str
    ip: str
    status: int
    code: str
    mfa: bool
    request_id: str
    correlation_id: str
    claims: str

    def entry(self) -> Entry:
        return {
            "channel": "api",
            "id": uuid.uuid4().hex,
            "at": repr(time.time()),
            "tenant_id": self.tenant_id.hex,
            "user_id": self.user_id[:64],
            "user_name": self.user_name[:255],
            "application_id": self.application_id[:64],
            "operation": self.operation,
            "path": _storable(self.path, 255),
            "ip": self.ip[:45],
            "status": str(self.status),
            "code": self.code,
            "mfa": "1" if self.mfa else "0",
            "request_id": _storable(self.request_id, 64),
            "correlation_id": _storable(self.correlation_id, 64),
            "claims": self.claims,
        }


def _storable(text: str, most: int) -> str:
    """PostgreSQL stores no NUL."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:most]
