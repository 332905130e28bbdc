"""People by the key that the logs know them by."""

from uuid import UUID

from django.db.models import Q

from accounts.models import User


def person_key(user: User) -> str:
    return user.oid or user.subject


def person_by_key(tenant_id: UUID, key: str) -> User | None:
    """None for who never signed in here, or is no person."""
    return User.objects.filter(Q(oid=key) | Q(oid="", subject=key), tenant_id=tenant_id).first() if key else None


def shown_name(user: User) -> str:
    return user.user_principal_name or user.display_name
