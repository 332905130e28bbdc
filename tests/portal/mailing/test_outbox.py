"""Mails rest in an outbox with the change they tell of, and are sent until the mail server takes or refuses them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from unittest.mock import Mock
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext as _
from pytest_django import Settings

from activity.models import AuditRecord
from mailing.models import OutgoingMail
from mailing.sending import send_due
from mailing.services import Letter, Mail, forgotten, put_in_outbox

TENANT = UUID("c0000000-0000-4000-8000-000000000001")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Server(EmailBackend):
    """A mail server that fails as a test says: when it is called, or when it is handed a mail for somebody."""

    down: Exception | None = None
    refuses: dict[str, Exception] = {}
    calls = 0

    def open(self) -> bool:
        type(self).calls += 1
        if self.down:
            raise self.down
        return False

    def send_messages(self, messages: list[EmailMessage]) -> int:
        for message in messages:
            if error := self.refuses.get(message.to[0]):
                raise error
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> type[Server]:
    monkeypatch.setattr(Server, "down", None)
    monkeypatch.setattr(Server, "refuses", {})
    monkeypatch.setattr(Server, "calls", 0)
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    return Server


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def put(recipient: str = "sales@contoso.example", *languages: str) -> None:
    put_in_outbox([Mail(recipient, TENANT, languages, lambda: Letter("News", [_("Hello %(name)s,") % {"name": "S"}]))])


def recipients() -> list[str]:
    return [message.to[0] for message in mail.outbox]


def test_a_mail_waits_for_the_loop_and_is_sent_once(db: None, server: type[Server]) -> None:
    put()
    assert recipients() == []
    assert send_due() == 1
    assert send_due() == 0
    assert recipients() == ["sales@contoso.example"]
    assert mail.outbox[0].body == "Hello S,"


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_sends_nothing(server: type[Server]) -> None:
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert send_due() == 0


@pytest.mark.django_db(transaction=True)
def test_a_mail_outside_of_a_transaction_is_a_mistake(server: type[Server]) -> None:
    with pytest.raises(TransactionManagementError):
        put()


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (["ru"], "Здравствуйте, S!"),
        (["ja-JP", "ru"], "S 様"),
        (["xx", "ru"], "Здравствуйте, S!"),
        (["xx"], "Hello S,"),
        ([""], "Hello S,"),
    ],
)
def test_a_mail_is_in_the_first_language_there_is(
    db: None, server: type[Server], languages: list[str], said: str
) -> None:
    put("sales@contoso.example", *languages)
    send_due()
    assert mail.outbox[0].body == said


def test_a_dead_mail_server_loses_nothing_and_is_asked_less_and_less_often(
    db: None, server: type[Server], clock: time_machine.Traveller
) -> None:
    put("ann@contoso.example")
    put("bob@contoso.example")
    server.down = ConnectionRefusedError("no server")
    asked = []
    for minute in range(20):
        clock.move_to(START + timedelta(minutes=minute))
        before = server.calls
        send_due()
        asked += [minute] * (server.calls - before)
    assert asked == [0, 1, 3, 7, 15]
    server.down = None
    clock.move_to(START + timedelta(hours=1))
    assert send_due() == 2
    assert sorted(recipients()) == ["ann@contoso.example", "bob@contoso.example"]


def test_a_repeated_mail_is_known_as_one(db: None, server: type[Server], clock: time_machine.Traveller) -> None:
    """The server took it, and the answer was lost: it is sent again under the same Message-ID and date."""
    put()
    sent = OutgoingMail.objects.get()
    send_due()
    OutgoingMail.objects.update(sent_at=None)
    clock.shift(timedelta(minutes=1))
    send_due()
    first, again = (message.message() for message in mail.outbox)
    assert str(sent.key) in first["Message-ID"]
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Date"] == again["Date"] == "Mon, 02 Mar 2026 09:00:00 -0000"


def test_a_process_that_is_killed_while_sending_leaves_the_mail_due_later(
    db: None, server: type[Server], clock: time_machine.Traveller
) -> None:
    put()
    server.refuses = {"sales@contoso.example": KeyboardInterrupt()}  # type: ignore[dict-item]
    with pytest.raises(KeyboardInterrupt):
        send_due()
    server.refuses = {}
    assert send_due() == 0
    clock.shift(timedelta(minutes=1))
    assert send_due() == 1


def test_an_address_the_server_refuses_for_good_is_given_up_and_audited(db: None, server: type[Server]) -> None:
    put("gone@contoso.example")
    put("here@contoso.example")
    server.refuses = {"gone@contoso.example": SMTPRecipientsRefused({"gone@contoso.example": (550, b"no such user")})}
    assert send_due() == 1
    record = AuditRecord.objects.get()
    assert (record.action, record.actor, record.subject) == ("mail.given-up", "system", "gone@contoso.example")
    assert record.tenant_id == TENANT
    assert "no such user" in record.detail["error"]
    assert recipients() == ["here@contoso.example"]


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({"sales@contoso.example": (450, b"busy")}),
        SMTPDataError(451, b"later"),
        SMTPServerDisconnected("gone"),
        TimeoutError(),
    ],
)
def test_what_may_pass_is_tried_for_three_days_and_then_given_up(
    db: None, server: type[Server], clock: time_machine.Traveller, error: Exception
) -> None:
    put()
    server.refuses = {"sales@contoso.example": error}
    for hour in range(72):
        clock.move_to(START + timedelta(hours=hour))
        send_due()
    assert not AuditRecord.objects.exists()
    clock.move_to(START + timedelta(hours=74))
    send_due()
    assert AuditRecord.objects.get().action == "mail.given-up"
    server.refuses = {}
    clock.shift(timedelta(days=1))
    assert send_due() == 0


def test_a_mail_no_server_would_take_does_not_keep_the_others_back(db: None, server: type[Server]) -> None:
    put("two@lines.example\nBcc: everybody@contoso.example")
    put("here@contoso.example")
    assert send_due() == 1
    assert recipients() == ["here@contoso.example"]
    assert AuditRecord.objects.get().action == "mail.given-up"


def test_settled_mails_are_forgotten_and_waiting_ones_never(
    db: None, server: type[Server], clock: time_machine.Traveller
) -> None:
    put("sent@contoso.example")
    send_due()
    put("waiting@contoso.example")
    clock.shift(timedelta(hours=23))
    assert not forgotten().exists()
    clock.shift(timedelta(days=60))
    assert [row.recipient for row in forgotten()] == ["sent@contoso.example"]


@pytest.mark.parametrize("address", ['"', "a@[1.2.3", "a b@"])
def test_an_address_no_program_can_read_is_given_up_at_once(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr("smtplib.SMTP", Mock(ehlo=Mock(return_value=(250, b""))))
    put(address)
    put("sales@contoso.example")
    assert send_due() == 1
    assert OutgoingMail.objects.get(recipient=address).given_up_at is not None


def put_with_link() -> OutgoingMail:
    def write() -> Letter:
        return Letter("News", ["Open: https://portal.example/secret"], "<p>https://portal.example/secret</p>")

    put_in_outbox([Mail("ann@contoso.example", TENANT, [], write, "https://portal.example/leave/secret", sealed=True)])
    return OutgoingMail.objects.get()


def test_a_mail_whose_links_are_secrets_rests_sealed_and_is_sent_open(db: None, server: type[Server]) -> None:
    waiting = put_with_link()
    assert "secret" not in waiting.body + waiting.html + waiting.unsubscribe_url
    send_due()
    (sent,) = mail.outbox
    assert sent.body == "Open: https://portal.example/secret"
    assert sent.alternatives[0] == ("<p>https://portal.example/secret</p>", "text/html")


def test_a_mail_with_an_address_to_unsubscribe_says_so_to_mail_programs(db: None, server: type[Server]) -> None:
    """RFC 2369 and RFC 8058 section 3.1."""
    put()
    send_due()
    OutgoingMail.objects.all().delete()
    put_with_link()
    send_due()
    plain, other = (message.message() for message in mail.outbox)
    assert plain["List-Unsubscribe"] is None
    assert plain.get_content_type() == "text/plain"
    assert other["List-Unsubscribe"] == "<https://portal.example/leave/secret>"
    assert other["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert other.get_content_type() == "multipart/alternative"


def test_a_sealed_mail_that_nobody_can_open_any_more_is_given_up(
    db: None, server: type[Server], settings: Settings
) -> None:
    put_with_link()
    settings.SECRETSTORE_KEYS = ["another key"]
    assert send_due() == 0
    assert OutgoingMail.objects.get().given_up_at is not None
