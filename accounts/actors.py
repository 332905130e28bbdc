"""Who acts in the portal or through its API: a signed-in person, or an application by itself."""

from typing import Protocol
from uuid import UUID


class Actor(Protocol):
    """What services and query sets need of the one who acts; `accounts.models.User` is one."""

    @property
    def tenant_id(self) -> UUID: ...

    @property
    def user_principal_name(self) -> str:
        """Who stands in the audit log."""

    @property
    def display_name(self) -> str: ...
