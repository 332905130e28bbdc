"""Sending what waits in the outbox: at least once, again after longer and longer pauses, for three days."""

import logging
from datetime import timedelta
from email.utils import formatdate
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from activity.actions import AuditAction
from activity.services import record_audit
from mailing.models import OutgoingMail
from mailing.texts import texts_of

logger = logging.getLogger(__name__)
GIVEN_UP_AFTER = timedelta(days=3)
_LONGEST_PAUSE = 60  # minutes
_AT_ONCE = 100  # mails over one connection
_REFUSED_FOR_GOOD = 500  # SMTP reply codes from here on (RFC 5321 section 4.2.1)


class MailAction(AuditAction):
    GIVEN_UP = "mail.given-up"


class _NoServer(Exception):
    """The mail server cannot be reached, or hung up: that says nothing about a mail."""


def send_due() -> int:
    """Send what is due, and return how many mails the server took."""
    if not OutgoingMail.objects.due(timezone.now()).exists():
        return 0
    sent, connection = 0, get_connection()
    try:
        for _number in range(_AT_ONCE):
            mail = _claimed()
            if mail is None:
                break
            sent += _send(mail, connection)
    except _NoServer:
        pass  # said where it happened; the loop comes back
    finally:
        connection.close()
    return sent


def _claimed() -> OutgoingMail | None:
    """The next mail, counted as tried and due again later: whoever is killed now has lost nothing.

    The pause is longer than a try can take, so that no second process takes the same mail meanwhile.
    """
    while mail := OutgoingMail.objects.due(now := timezone.now()).first():
        due_at = now + _pause(mail.tries)
        unchanged = OutgoingMail.objects.waiting().filter(pk=mail.pk, due_at=mail.due_at)
        if unchanged.update(tries=F("tries") + 1, due_at=due_at):
            mail.tries, mail.due_at = mail.tries + 1, due_at
            return mail
    return None


def _pause(tries: int) -> timedelta:
    return timedelta(minutes=min(2 ** min(tries, 10), _LONGEST_PAUSE))


def _send(mail: OutgoingMail, connection: BaseEmailBackend) -> bool:
    """Hand one mail over. Raises _NoServer, and then nobody tries the others until this one is due again."""
    try:
        connection.open()
    except OSError as error:
        _failed(mail, error)
        OutgoingMail.objects.due(timezone.now()).update(due_at=mail.due_at)
        raise _NoServer from error
    try:
        connection.send_messages([_message(mail)])
    except Exception as error:  # Python's mail parser meets some addresses with an IndexError or AttributeError
        _failed(mail, error)
        if isinstance(error, (SMTPServerDisconnected, TimeoutError, ConnectionError)):
            raise _NoServer from error
        return False
    OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), last_error="")
    return True


def _message(mail: OutgoingMail) -> EmailMessage:
    headers = {
        "Message-ID": f"<{mail.key}@{DNS_NAME.get_fqdn()}>",  # the same at each try: a repeated mail is known as one
        "Date": formatdate(mail.created_at.timestamp()),
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's absence notice answers it
    }
    texts = texts_of(mail)
    if texts.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{texts.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058 section 3.1
    message = EmailMultiAlternatives(mail.subject, texts.body, None, [mail.recipient], headers=headers)
    if texts.html:
        message.attach_alternative(texts.html, "text/html")
    return message


@transaction.atomic
def _failed(mail: OutgoingMail, error: Exception) -> None:
    now, text = timezone.now(), repr(error)[:200]
    hopeless = _is_final(error) or now - mail.created_at > GIVEN_UP_AFTER
    OutgoingMail.objects.filter(pk=mail.pk).update(last_error=text, given_up_at=now if hopeless else None)
    if not hopeless:
        logger.warning("A mail was not sent and is tried again: %s", text)
        return
    logger.error("A mail is given up after %s tries: %s", mail.tries, text)
    record_audit(
        action=MailAction.GIVEN_UP,
        actor="system",
        tenant_id=mail.tenant_id,
        subject=mail.recipient[:255],
        detail={"mail": mail.subject, "tries": mail.tries, "error": text},
    )


def _is_final(error: Exception) -> bool:
    """Whether trying again cannot help: the server refuses this address or this mail for good."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= _REFUSED_FOR_GOOD for code, _reason in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= _REFUSED_FOR_GOOD
    return not isinstance(error, OSError)  # an address or a header that no mail can have
