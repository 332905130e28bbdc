"""Money: an integer of minor units and a currency. Never a float."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format

# ISO 4217: currencies without minor units; all others the demo and the price lists use have two.
_WITHOUT_MINOR_UNITS = frozenset({"CLP", "ISK", "JPY", "KRW", "VND"})


def exponent(currency: str) -> int:
    """Digits after the point of an ISO 4217 currency."""
    return 0 if currency in _WITHOUT_MINOR_UNITS else 2


_SYMBOLS = {
    "AUD": "A$", "BRL": "R$", "CAD": "C$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "KRW": "₩", "PLN": "zł",
    "RUB": "₽", "USD": "$",
}  # fmt: skip


def symbol(currency: str) -> str:
    """The currency's sign; its code where it has none of its own."""
    return _SYMBOLS.get(currency, currency)


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{number_format(self.amount, exponent(self.currency), force_grouping=True)} {self.currency}"
