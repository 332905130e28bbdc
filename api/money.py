"""Amounts as the API writes them: JSON numbers in the currency's main unit."""

from decimal import ROUND_HALF_UP, Decimal

from billing.money import Money, exponent


def number(amount: Money) -> float:
    """For the wire only: nothing is computed with it. The shortest text of the float is the exact amount."""
    return float(amount.amount)


def minor(amount: Decimal, currency: str) -> int:
    """The wire's number as minor units; more digits than the currency has are rounded."""
    return int(amount.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
