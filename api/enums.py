"""Members of the API's enumerations: snake case on the wire; clients also send Pascal case and positions."""

from collections.abc import Sequence

from api.faults import bad_input

Given = str | int
BILLING_CYCLES = ("unknown", "monthly", "annual", "none", "one_time")
SUBSCRIPTION_STATUSES = ("none", "active", "suspended", "deleted", "expired", "pending", "disabled")


def member(given: Given, members: Sequence[str], field: str) -> str:
    """The member's name on the wire; `members` stand in the order of their positions. Raises Fault."""
    if isinstance(given, int):
        if 0 <= given < len(members):
            return members[given]
    else:
        for name in members:
            if name.replace("_", "") == given.replace("_", "").lower():
                return name
    raise bad_input(f"{field} has to be one of: {', '.join(members)}.", field)
