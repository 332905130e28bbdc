"""The mails that the service's loop sends when its turn comes."""

from django.core import mail
from django.core.mail import EmailMessage

from mailing.sending import send_due


def posted() -> list[EmailMessage]:
    """Do the loop's turn; everything sent in this test so far, in the order of sending."""
    send_due()
    return list(mail.outbox)
