"""Putting a mail to a subscriber into the outbox, in their language."""

from collections.abc import Callable

from mailing.services import Letter, Mail, put_in_outbox
from security.mails.links import unsubscribe_url
from security.models import MailSubscription


def post(subscription: MailSubscription, write: Callable[[], Letter]) -> int:
    """Sealed, for its links let whoever reads it confirm and unsubscribe. Returns how many there are: one."""
    mail = Mail(
        recipient=subscription.address,
        tenant_id=subscription.tenant_id,
        languages=[subscription.language],
        write=write,
        unsubscribe_url=unsubscribe_url(subscription.pk),
        sealed=True,
    )
    return put_in_outbox([mail])
