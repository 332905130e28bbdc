"""What may be changed about a subscription, as a table typed from the rules."""

import pytest

from accounts.models import User
from customers.changes import Change, ChangeRefusal, Standing, refusal
from customers.services import EditConflict
from customers.services.subscriptions import change_subscription
from tests.portal.business import make_customer, make_subscription

ACTIVE = Standing(status="active", quantity=5, minimum_quantity=1, maximum_quantity=300)
SUSPENDED = Standing(status="suspended", quantity=5)
BY_USE = Standing(status="active", quantity=1, usage_based=True)
ORPHAN = Standing(status="suspended", quantity=5, parent_active=False)


@pytest.mark.parametrize(
    ("standing", "change", "expected"),
    [
        (ACTIVE, Change(), None),
        (ACTIVE, Change(friendly_name="Office", auto_renew_enabled=False), None),
        (ACTIVE, Change(quantity=1), None),
        (ACTIVE, Change(quantity=300), None),
        (ACTIVE, Change(quantity=301), ChangeRefusal.QUANTITY_OUT_OF_RANGE),
        (ACTIVE, Change(quantity=0), ChangeRefusal.QUANTITY_OUT_OF_RANGE),
        (ACTIVE, Change(quantity=-1), ChangeRefusal.QUANTITY_OUT_OF_RANGE),
        (ACTIVE, Change(status="suspended"), None),
        (ACTIVE, Change(status="suspended", quantity=5), None),
        (ACTIVE, Change(status="suspended", quantity=6), ChangeRefusal.NOT_ACTIVE),
        (ACTIVE, Change(status="deleted"), ChangeRefusal.STATUS),
        (SUSPENDED, Change(status="active"), None),
        (SUSPENDED, Change(friendly_name="Office"), None),
        (SUSPENDED, Change(quantity=5), None),
        (SUSPENDED, Change(quantity=6), ChangeRefusal.NOT_ACTIVE),
        (SUSPENDED, Change(status="active", quantity=6), ChangeRefusal.NOT_ACTIVE),
        (BY_USE, Change(quantity=1), None),
        (BY_USE, Change(quantity=2), ChangeRefusal.QUANTITY_BY_USE),
        (ORPHAN, Change(status="active"), ChangeRefusal.PARENT_NOT_ACTIVE),
        (ORPHAN, Change(status="suspended"), None),
        (ORPHAN, Change(friendly_name="Office"), None),
        *((Standing(status=ended, quantity=5), Change(friendly_name="x"), ChangeRefusal.ENDED)
          for ended in ("expired", "deleted", "pending", "disabled")),
    ],
)  # fmt: skip
def test_a_change_is_refused_with_its_reason(
    standing: Standing, change: Change, expected: ChangeRefusal | None
) -> None:
    assert refusal(standing, change) is expected


def test_a_version_that_was_overtaken_meanwhile_changes_nothing(alejandra: User) -> None:
    subscription = make_subscription(make_customer(alejandra.tenant))
    change_subscription(user=alejandra, subscription=subscription, change=Change(quantity=6), expected_version=1)
    with pytest.raises(EditConflict):
        change_subscription(user=alejandra, subscription=subscription, change=Change(quantity=7), expected_version=1)
    subscription.refresh_from_db()
    assert subscription.quantity == 6
