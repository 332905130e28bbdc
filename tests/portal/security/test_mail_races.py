"""Several processes write mails, and several presses confirm, at once."""

import pytest
from django.db import connection

from mailing.models import OutgoingMail
from security.mails.duty import mail_due
from security.mails.links import confirmation_token, hashed
from security.mails.services import confirm
from security.models import MailSubscription
from tests.portal.conftest import make_tenant
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
