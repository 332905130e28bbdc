"""Several processes write mails, and several presses confirm, at once."""

import pytest
from django.db import connection
from django.utils import timezone

from activity.models import AuditRecord
from mailing.models import OutgoingMail
from security.asking.planning import Recipient
from security.asking.services import ask
from security.mails.duty import mail_due
from security.mails.links import confirmation_token, hashed
from security.mails.services import confirm
from security.models import MailSubscription
from tests.portal.conftest import make_tenant, make_user
from tests.portal.security.factory import snapshot, subscription
from tests.portal.security.test_races import TOGETHER, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time on SQLite"),
]


def test_each_address_is_mailed_once() -> None:
    contoso = make_tenant(1, "Contoso", "csp-direct")
    snapshot(contoso)
    for number in range(10):
        subscription(contoso, f"person{number}@contoso.example")
    assert sum(at_once(lambda _number: mail_due())) == 10
    assert OutgoingMail.objects.count() == 10


def test_a_link_confirms_for_one_of_several_presses() -> None:
    row = subscription(make_tenant(1, "Contoso", "csp-direct"), confirmed_at=None)
    token = confirmation_token(row.pk)
    MailSubscription.objects.update(confirmation_hash=hashed(token))
    found = at_once(lambda _number: confirm(token=token))
    assert [one is None for one in found].count(True) == TOGETHER - 1


@pytest.mark.requirement("Q5")
def test_each_is_asked_to_register_once_by_several_administrators() -> None:
    contoso = make_tenant(1, "Contoso", "csp-direct")
    admin = make_user(contoso, "Ann", "ann@contoso.example")
    people = [Recipient(f"id{key}", key, key, f"{key}@contoso.example", "en", None, None) for key in "abcde"]
    found = at_once(lambda number: ask(user=admin, recipients=people[number % 2 :], now=timezone.now()))
    assert sum(len(asked) for asked in found) == 5
    assert OutgoingMail.objects.count() == AuditRecord.objects.count() == 5
