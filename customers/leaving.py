"""What other apps keep of a customer and have to put right when it is removed altogether."""

from collections.abc import Callable

from customers.models import Customer

_ACTS: list[Callable[[Customer], None]] = []


def register(act: Callable[[Customer], None]) -> None:
    """Called by an app's `ready()`; the customers app imports none of them. Runs in the transaction, before the end."""
    if act not in _ACTS:
        _ACTS.append(act)


def take_leave(customer: Customer) -> None:
    for act in _ACTS:
        act(customer)
