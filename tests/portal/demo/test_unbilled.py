"""What the demo bills and what it leaves to the loop, just before and after an invoice is due."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.models import PartnerTenant
from billing.models import BillingAccount, Invoice
from billing.services import invoice_due
from billing.unbilled import current, unbilled


@pytest.mark.parametrize(("day", "through"), [(5, date(2026, 10, 31)), (6, date(2026, 11, 30))])
@pytest.mark.django_db
def test_what_the_demo_has_not_billed_is_not_billed_yet(day: int, through: date) -> None:
    with time_machine.travel(datetime(2026, 12, day, 12, tzinfo=UTC), tick=False):
        call_command("seed_demo", stdout=StringIO())
        assert not Invoice.objects.filter(invoice_date__gt=timezone.now()).exists()
        assert invoice_due() == 0
        assert set(BillingAccount.objects.values_list("billed_through", flat=True)) == {through}
        contoso = PartnerTenant.objects.get(display_name="Contoso")
        assert unbilled(contoso.pk, current(contoso.pk, timezone.now().date()))
