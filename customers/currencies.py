"""In which currency a market's customers are billed (ISO 4217)."""

_OF_MARKET = {
    "AU": "AUD",
    "CA": "CAD",
    "CH": "CHF",
    "DK": "DKK",
    "GB": "GBP",
    "IN": "INR",
    "JP": "JPY",
    "KR": "KRW",
    "NO": "NOK",
    "NZ": "NZD",
    "SE": "SEK",
}
_EURO_AREA = frozenset({"AT", "BE", "DE", "ES", "FI", "FR", "IE", "IT", "NL", "PT"})
_SYMBOLS = {
    "AUD": "$",
    "CAD": "$",
    "CHF": "CHF",
    "DKK": "kr",
    "EUR": "€",
    "GBP": "£",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "NOK": "kr",
    "NZD": "$",
    "SEK": "kr",
    "USD": "$",
}


def market_currency(country: str) -> str:
    """US dollars wherever the market has no currency of its own in the price list."""
    return "EUR" if country in _EURO_AREA else _OF_MARKET.get(country, "USD")


def currency_symbol(currency: str) -> str:
    return _SYMBOLS.get(currency, currency)
