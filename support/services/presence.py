"""Who has a request open: a row a person and request, forgotten after minutes."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from support.models import CustomerRequest, Presence
from support.models.presence import STAYS_FOR


@transaction.atomic
def note_presence(*, user: User, case: CustomerRequest) -> list[Presence]:
    """Say that this person looks at the request now; return the others who do. Old rows go on the way."""
    now = timezone.now()
    Presence.objects.filter(seen_at__lte=now - STAYS_FOR).delete()
    Presence.objects.bulk_create(
        [Presence(request=case, user=user, user_name=user.display_name, seen_at=now)],
        update_conflicts=True,
        unique_fields=["request", "user"],
        update_fields=["user_name", "seen_at"],
    )
    return list(Presence.objects.others_on(case, user=user, now=now))
