"""Two of the same at one moment: nothing is lost and nothing is done twice."""

import pytest
from django.db import connection

from entra.apps.consents import record_consent
from entra.apps.models import Application, ConsentGrant
from entra.directory.models import User
from entra.keys.models import KeyState, SigningKey
from entra.keys.services import published_keys, rotate
from tests.entra.events.test_overlap import overlapping

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write at a time"),
]


def test_what_two_browsers_accept_is_accepted_both(
    transactional_db: None, application: Application, john: User
) -> None:
    record_consent(application=application, account=john, scopes=["User.Read"])
    overlapping(
        lambda: record_consent(application=application, account=john, scopes=["Group.Read.All"]),
        lambda: record_consent(application=application, account=john, scopes=["User.Invite.All"]),
    )
    assert ConsentGrant.objects.get().scopes == ["Group.Read.All", "User.Invite.All", "User.Read"]


def test_two_rotations_are_one(transactional_db: None) -> None:
    """Were they two, the second would sign with a key that nobody has seen published."""
    published_keys()
    coming, signed_with = SigningKey.objects.get(state=KeyState.NEXT).kid, []
    overlapping(lambda: rotate(hurry=True), lambda: signed_with.append(rotate(hurry=True).kid))
    assert signed_with == [coming] == [SigningKey.objects.get(state=KeyState.ACTIVE).kid]
    assert SigningKey.objects.count() == 3
