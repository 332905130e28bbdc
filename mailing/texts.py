"""What a mail says, which rests sealed where a link in it is a secret."""

from dataclasses import dataclass

from mailing.models import OutgoingMail
from secretstore import seal, unseal

_PURPOSE = "outgoing-mail"


@dataclass(frozen=True, slots=True)
class Texts:
    body: str
    html: str
    unsubscribe_url: str


def sealed(text: str) -> str:
    return seal(text, purpose=_PURPOSE)


def texts_of(mail: OutgoingMail) -> Texts:
    """Raises SecretUnreadable when the key is gone, or somebody altered the row."""
    texts = mail.body, mail.html, mail.unsubscribe_url
    return Texts(*(unseal(text, purpose=_PURPOSE) for text in texts) if mail.sealed else texts)
