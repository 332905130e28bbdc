"""The verb of asking people to register a verification method (Q5)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import PartnerTenant, User
from activity.services import record_audit
from mailing.services import Letter, Mail, put_in_outbox
from security.asking import words
from security.asking.planning import Recipient, last_asked
from security.asking.rules import ONCE_IN
from security.audit import SecurityAction
from security.models import RegistrationAsk
from security.people import shown_name


@transaction.atomic
def ask(*, user: User, recipients: Sequence[Recipient], now: datetime) -> Sequence[Recipient]:
    """Mail the question to each, and return who was asked.

    Of two posts of one form, or two administrators at once, the first asks: whoever was asked within the last day is
    passed over. All are asked or none.
    """
    PartnerTenant.objects.select_for_update(no_key=True).get(pk=user.tenant_id)
    asked_at = dict(last_asked(user.tenant_id, [one.user_id for one in recipients]))
    asked = [one for one in recipients if one.user_id not in asked_at or now - asked_at[one.user_id] >= ONCE_IN]
    by = shown_name(user)
    rows = [RegistrationAsk(tenant_id=user.tenant_id, user_id=one.user_id, asked_at=now, asked_by=by) for one in asked]
    RegistrationAsk.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", "user_id"],
        update_fields=["asked_at", "asked_by"],
    )
    for one in asked:
        record_audit(
            action=SecurityAction.REGISTRATION_ASKED,
            actor=by,
            tenant_id=user.tenant_id,
            subject=one.sign_in_name,
            detail={"id": one.user_id, "address": one.address, "language": one.language},
        )
    put_in_outbox([_mail(user, one) for one in asked])
    return asked


def _mail(user: User, one: Recipient) -> Mail:
    return Mail(one.address, user.tenant_id, [one.language], lambda: letter_for(user, one))


def letter_for(user: User, one: Recipient) -> Letter:
    """In the language that is active."""
    return words.question(
        name=one.name,
        account=one.sign_in_name,
        organization=user.tenant.display_name,
        asked_by=user.display_name,
    )
