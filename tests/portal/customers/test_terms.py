"""A term that is over begins again or ends the subscription; what was used is charged for either way."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from accounts.models import PartnerTenant, User
from activity.models import AuditRecord
from billing.models import BillingAccount, Invoice
from billing.services import invoice_due
from customers.changes import Change
from customers.models import Subscription
from customers.services.subscriptions import ChangeRefused, change_subscription
from customers.services.terms import settle_terms
from customers.terms import running_term_end
from partnercenter.management.commands.loop import Command
from tests.portal.business import make_customer, make_order


@pytest.fixture
def monthly(contoso: PartnerTenant) -> Subscription:
    """Five units at 36.00 dollars, ordered for a month at a time; billed through March."""
    BillingAccount.objects.create(partner=contoso, billed_through=date(2026, 3, 31))
    make_order(
        make_customer(contoso), effective_start_date=date(2026, 1, 5), commitment_end_date=date(2026, 2, 4),
        term_duration="P1M",
    )  # fmt: skip
    return Subscription.objects.get()


def at(month: int, day: int) -> time_machine.travel:
    return time_machine.travel(datetime(2026, month, day, 12, tzinfo=UTC), tick=False)


def switch(user: User, subscription: Subscription, *, renew: bool) -> Subscription:
    return change_subscription(user=user, subscription=subscription, change=Change(auto_renew_enabled=renew))


def test_terms_that_renewed_are_charged_also_when_it_renews_no_more(alejandra: User, monthly: Subscription) -> None:
    with at(5, 5):  # April is over and not billed yet; the running term ends on 4 June
        assert switch(alejandra, monthly, renew=False).commitment_end_date == date(2026, 6, 4)
    with at(7, 6):
        invoice_due()
    found = Invoice.objects.order_by("period_start").values_list("period_start__month", "total_charges")
    assert list(found) == [(4, 18000), (5, 18000), (6, 18000 * 4 // 30)]


def test_what_has_ended_cannot_be_made_to_renew_afterwards(alejandra: User, monthly: Subscription) -> None:
    with at(5, 5):
        switch(alejandra, monthly, renew=False)
    with at(6, 5), pytest.raises(ChangeRefused) as refused:
        switch(alejandra, monthly, renew=True)
    assert (refused.value.reason, refused.value.standing.status) == ("ended", "expired")


def test_terms_begin_again_or_end_by_themselves(alejandra: User, monthly: Subscription) -> None:
    make_order(monthly.customer, "Copilot", 2, parent=monthly)
    with at(5, 4):
        assert settle_terms() == 1
        monthly.refresh_from_db()
        assert (monthly.status, monthly.commitment_end_date, monthly.version) == ("active", date(2026, 5, 4), 2)
        switch(alejandra, monthly, renew=False)
        assert settle_terms() == 0
    with at(5, 5):
        assert settle_terms() == 1
        assert settle_terms() == 0
        monthly.refresh_from_db()
        assert (monthly.status, monthly.commitment_end_date, monthly.version) == ("expired", date(2026, 5, 4), 4)
        assert monthly.add_ons.get().status == "suspended"
        assert AuditRecord.objects.filter(actor="system", action="customer.subscription-changed").count() == 2
    with at(6, 6):
        invoice_due()
    found = Invoice.objects.order_by("period_start").values_list("period_start__month", "total_charges")
    assert list(found) == [(4, 25200), (5, 25200 * 4 // 31 + 1)]


def test_the_loop_settles_terms() -> None:
    assert settle_terms in [duty.act for duty in Command.duties]


@pytest.mark.parametrize(
    ("day", "term", "end"),
    [
        (date(2026, 2, 27), "P1M", date(2026, 2, 27)),
        (date(2026, 2, 28), "P1M", date(2026, 3, 30)),
        (date(2028, 2, 28), "P1M", date(2028, 2, 28)),
        (date(2028, 2, 29), "P1M", date(2028, 3, 30)),
        (date(2026, 1, 31), "P1Y", date(2027, 1, 30)),
        (date(2029, 1, 31), "P3Y", date(2032, 1, 30)),
    ],
)
def test_the_running_term_ends_on_the_day_before_the_next_begins(day: date, term: str, end: date) -> None:
    assert running_term_end(date(2026, 1, 31), term, day) == end
