"""Query parameters that the catalog's operations share: the market and the segment of its buyers."""

from collections.abc import Iterable

from api.call import Call
from api.faults import bad_input
from api.registry import Query
from customers.markets import MARKETS
from customers.models import Segment

COUNTRY = Query("country", "The market, as an ISO 3166-1 code of two letters.", required=True)
SEGMENT = Query("targetSegment", "Whose market it is.", (("type", "string"), ("enum", list(Segment.values))))


def market(call: Call) -> str:
    """The country that the call names. Raises Fault."""
    given = call.text("country").upper()
    if given not in MARKETS:
        raise bad_input(f"country has to name a market: {', '.join(sorted(MARKETS))}.", "country")
    return given


def segment(call: Call, name: str = "targetSegment") -> str:
    """The segment that the call names, empty where it names none. Raises Fault."""
    return chosen(call, name, Segment.values)


def chosen(call: Call, name: str, possible: Iterable[str]) -> str:
    """One of these in any case, empty where the parameter is not given. Raises Fault naming what is possible."""
    given, by_lower = call.text(name), {value.lower(): value for value in possible}
    if given and given.lower() not in by_lower:
        raise bad_input(f"{name} has to be one of: {', '.join(by_lower.values())}.", name)
    return by_lower.get(given.lower(), "")
