"""What a partner owes, in each currency and for each type of invoice."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from accounts.actors import Actor
from billing.models import Invoice


@dataclass(frozen=True, slots=True)
class Balance:
    """Amounts in minor units. `by_type` has the same for each type of invoice, recurring ones first."""

    currency: str
    open: int = 0
    first: datetime | None = None
    latest: datetime | None = None
    last_payment: datetime | None = None
    last_amount: int = 0
    by_type: "dict[str, Balance]" = field(default_factory=dict)


_FIGURES = ("invoice_type", "currency_code", "invoice_date", "total_charges", "paid_amount", "last_payment_date")


def balances(user: Actor) -> list[Balance]:
    """One a currency, that of the newest invoice first."""
    found: dict[str, Balance] = {}
    rows = Invoice.objects.visible_to(user).order_by("-invoice_date", "-pk").values_list(*_FIGURES)
    for kind, currency, issued, total, paid, paid_at in rows.iterator(chunk_size=2000):
        whole = found.get(currency, Balance(currency))
        part = _with(whole.by_type.get(kind, Balance(currency)), issued, total, paid, paid_at)
        types = dict(sorted({**whole.by_type, kind: part}.items(), reverse=True))
        found[currency] = replace(_with(whole, issued, total, paid, paid_at), by_type=types)
    return list(found.values())


def _with(balance: Balance, issued: datetime, total: int, paid: int, paid_at: datetime | None) -> Balance:
    newer = paid_at is not None and (balance.last_payment is None or paid_at > balance.last_payment)
    return replace(
        balance,
        open=balance.open + total - paid,
        first=min(balance.first or issued, issued),
        latest=max(balance.latest or issued, issued),
        last_payment=paid_at if newer else balance.last_payment,
        last_amount=paid if newer else balance.last_amount,
    )
