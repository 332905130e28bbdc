"""A change that comes while a month is billed changes nothing of that month."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection

from accounts.models import PartnerTenant, User
from billing.models import BillingAccount, LineItem
from billing.services import invoice_due
from customers.changes import Change
from customers.models import Subscription
from customers.services.subscriptions import change_subscription
from tests.portal.business import make_customer, make_order


def after_first(word: str, act: Callable[[], object]) -> Callable[..., Any]:
    """Act once, right after the first statement with this word."""
    waiting = [act]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if word in sql and waiting:
            waiting.pop()()
        return answer

    return wrapper


@pytest.mark.parametrize("word", ["customers_pastquantity", "unit_price"])
def test_units_added_while_a_month_is_billed_are_not_charged_for_it(
    contoso: PartnerTenant, alejandra: User, word: str
) -> None:
    BillingAccount.objects.create(partner=contoso, billed_through="2026-03-31")
    make_order(make_customer(contoso))
    subscription = Subscription.objects.get()

    def add() -> None:
        change_subscription(user=alejandra, subscription=subscription, change=Change(quantity=300))

    day = time_machine.travel(datetime(2026, 5, 6, 3, tzinfo=UTC), tick=False)
    with day, connection.execute_wrapper(after_first(word, add)):
        invoice_due()
    subscription.refresh_from_db()
    assert subscription.quantity == 300
    assert [line.quantity for line in LineItem.objects.all()] == [5]
