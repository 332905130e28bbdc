"""Reads the mails that Django's file backend has written. For the demo's outbox page."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

_END = "\n" + "-" * 79 + "\n"  # what the file backend writes after each message


@dataclass(frozen=True)
class Mail:
    id: str
    sent_at: datetime | None
    recipient: str
    subject: str
    body: str


def mails(limit: int = 200) -> list[Mail]:
    """The newest mails of both services, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    newest = sorted(folder.glob("*.log"), reverse=True)[:limit] if folder.is_dir() else []
    found = [mail for path in newest for mail in _read(path)]
    return sorted(found, key=lambda mail: mail.sent_at.timestamp() if mail.sent_at else 0, reverse=True)[:limit]


def find_mail(mail_id: str) -> Mail | None:
    return next((mail for mail in mails() if mail.id == mail_id), None)


def _read(path: Path) -> Iterator[Mail]:
    for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").split(_END)):
        if text.strip():
            message = email.message_from_bytes(text.lstrip().encode(), policy=email.policy.default)
            yield _mail(f"{path.name}:{number}", message)


def _mail(place: str, message: EmailMessage) -> Mail:
    body = message.get_body(("plain", "html"))
    date = message["Date"]
    return Mail(
        id=salted_hmac("outbox", place).hexdigest()[:16],
        sent_at=parsedate_to_datetime(str(date)) if date else None,
        recipient=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        body=str(body.get_content()) if body else "",
    )
