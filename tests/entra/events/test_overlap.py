"""Two changes at the same moment: whoever looks last sees both (M22). SQLite lets one transaction write at a time."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from entra.directory.administration.groups import add_member
from entra.directory.administration.roles import assign_role
from entra.directory.models import DirectoryRole, Group, Tenant, User
from entra.events.models import OutgoingEvent, Stream
from entra.events.services import add_stream
from tests.entra.conftest import make_user
from tests.entra.events.conftest import AUDIENCE, SECRET

pytestmark = [
    pytest.mark.requirement("M22"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write at a time"),
]
BILLING = "b0f54661-2d74-4c50-afa3-1ec803f12efe"


@pytest.fixture
def polling(transactional_db: None) -> Stream:
    return add_stream(audience=AUDIENCE, endpoint="", secret=SECRET, actor="test")


def overlapping(first: Callable[[], None], second: Callable[[], None]) -> None:
    """`second` begins while the transaction of `first` is still open."""

    def act() -> None:
        try:
            second()
        finally:
            connections.close_all()

    other = threading.Thread(target=act)
    with transaction.atomic():
        first()
        other.start()
        other.join(1)  # it either waits for us, or has not seen what we did
    other.join(10)
    assert not other.is_alive()


def last_claims(account: User) -> dict[str, list[str]]:
    event = OutgoingEvent.objects.filter(account_id=account.pk).order_by("created_at").last()
    assert event is not None
    claims: dict[str, list[str]] = event.facts["claims"]
    return claims


def test_a_role_and_a_membership_given_at_the_same_moment(polling: Stream, john: User, fabrikam: Tenant) -> None:
    agents = Group.objects.create(tenant=fabrikam, display_name="AdminAgents")
    overlapping(
        lambda: assign_role(account=john, role=DirectoryRole.BILLING_ADMINISTRATOR, actor="test"),
        lambda: add_member(group=agents, member=john, actor="test"),
    )
    assert last_claims(john) == {"groups": [str(agents.pk)], "wids": [BILLING]}


def test_somebody_joins_a_group_that_is_being_put_into_another(polling: Stream, fabrikam: Tenant) -> None:
    mary = make_user(fabrikam, "mary")
    agents = Group.objects.create(tenant=fabrikam, display_name="AdminAgents")
    tier_1 = Group.objects.create(tenant=fabrikam, display_name="Tier 1")
    overlapping(
        lambda: add_member(group=agents, member=tier_1, actor="test"),
        lambda: add_member(group=tier_1, member=mary, actor="test"),
    )
    assert set(last_claims(mary)["groups"]) == {str(agents.pk), str(tier_1.pk)}
