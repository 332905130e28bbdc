"""The verbs of the outbox: put mails into it, and forget those that are settled."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone, translation

from mailing.models import OutgoingMail
from mailing.texts import sealed

_SENT_FOR = timedelta(days=1)
_GIVEN_UP_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    paragraphs: Sequence[str]
    html: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """`languages`: what is known of the recipient's, best first. `write` is called in the first one there is.

    `unsubscribe_url` takes the POST of RFC 8058. With `sealed` the texts rest encrypted: a link in them is a secret.
    """

    recipient: str
    tenant_id: UUID | None
    languages: Sequence[str]
    write: Callable[[], Letter]
    unsubscribe_url: str = ""
    sealed: bool = False


def put_in_outbox(mails: Iterable[Mail]) -> int:
    """Word the mails and store them; the loop sends them once the transaction is kept. Returns how many there are.

    Must be called in the transaction of the change they tell of, and with no secret in them unless `sealed`.
    Raises TransactionManagementError outside of one.
    """
    if not transaction.get_connection().in_atomic_block:
        message = "A mail is written in the transaction of its change."
        raise TransactionManagementError(message)
    return len(OutgoingMail.objects.bulk_create([_worded(mail) for mail in mails], batch_size=200))


def supported_language(wishes: Iterable[str]) -> str:
    """The first of these tags that there are translations for (`ja-JP` is `ja`), else the settings' language."""
    for wish in wishes:
        try:
            return translation.get_supported_language_variant(wish)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _worded(mail: Mail) -> OutgoingMail:
    with translation.override(supported_language(mail.languages)):
        letter = mail.write()
        now = timezone.now()
        keep = sealed if mail.sealed else str
        return OutgoingMail(
            tenant_id=mail.tenant_id,
            recipient=mail.recipient,
            subject=" ".join(str(letter.subject).split())[:255],  # a line break would end the header
            body=keep("\n\n".join(str(paragraph) for paragraph in letter.paragraphs)),
            html=keep(letter.html),
            unsubscribe_url=keep(mail.unsubscribe_url),
            sealed=mail.sealed,
            created_at=now,
            due_at=now,
        )


def forgotten() -> models.QuerySet[OutgoingMail]:
    """Mails that were sent a day ago, and those that were given up a month ago."""
    now = timezone.now()
    sent = models.Q(sent_at__lt=now - _SENT_FOR)
    return OutgoingMail.objects.filter(sent | models.Q(given_up_at__lt=now - _GIVEN_UP_FOR))
