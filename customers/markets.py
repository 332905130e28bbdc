"""Countries customers are billed in (ISO 3166-1), and what their postal codes look like."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MARKETS: dict[str, Promise] = {
    "AU": _("Australia"),
    "AT": _("Austria"),
    "BE": _("Belgium"),
    "BR": _("Brazil"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "IE": _("Ireland"),
    "IN": _("India"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "KR": _("Korea"),
    "KZ": _("Kazakhstan"),
    "MX": _("Mexico"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "NZ": _("New Zealand"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RS": _("Serbia"),
    "RU": _("Russia"),
    "SE": _("Sweden"),
    "SG": _("Singapore"),
    "US": _("United States"),
    "ZA": _("South Africa"),
}

# Pattern and an example for the message. Countries left out are not checked.
POSTAL_CODES: dict[str, tuple[str, str]] = {
    "AU": (r"\d{4}", "2000"),
    "CA": (r"[A-Z]\d[A-Z] ?\d[A-Z]\d", "K1A 0B1"),
    "DE": (r"\d{5}", "10115"),
    "FR": (r"\d{5}", "75001"),
    "GB": (r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "SW1A 1AA"),
    "JP": (r"\d{3}-?\d{4}", "100-0001"),
    "KZ": (r"\d{6}", "050000"),
    "RU": (r"\d{6}", "101000"),
    "US": (r"\d{5}(-\d{4})?", "98052"),
}


# Of each market: the culture, and the telephone's country code (ITU-T E.164).
CULTURES: dict[str, tuple[str, str]] = {
    "AU": ("en-AU", "61"),
    "AT": ("de-AT", "43"),
    "BE": ("nl-BE", "32"),
    "BR": ("pt-BR", "55"),
    "CA": ("en-CA", "1"),
    "CH": ("de-CH", "41"),
    "DE": ("de-DE", "49"),
    "DK": ("da-DK", "45"),
    "ES": ("es-ES", "34"),
    "FI": ("fi-FI", "358"),
    "FR": ("fr-FR", "33"),
    "GB": ("en-GB", "44"),
    "IE": ("en-IE", "353"),
    "IN": ("en-IN", "91"),
    "IT": ("it-IT", "39"),
    "JP": ("ja-JP", "81"),
    "KR": ("ko-KR", "82"),
    "KZ": ("ru-KZ", "7"),
    "MX": ("es-MX", "52"),
    "NL": ("nl-NL", "31"),
    "NO": ("nb-NO", "47"),
    "NZ": ("en-NZ", "64"),
    "PL": ("pl-PL", "48"),
    "PT": ("pt-PT", "351"),
    "RS": ("sr-RS", "381"),
    "RU": ("ru-RU", "7"),
    "SE": ("sv-SE", "46"),
    "SG": ("en-SG", "65"),
    "US": ("en-US", "1"),
    "ZA": ("en-ZA", "27"),
}


def market_name(code: str) -> str:
    return str(MARKETS.get(code, code))


def markets_by_name() -> list[tuple[str, str]]:
    """Choices in the order of the reader's language."""
    return sorted(((code, str(name)) for code, name in MARKETS.items()), key=lambda pair: pair[1])
