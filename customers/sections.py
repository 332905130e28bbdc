"""Parts of a customer's page that other apps contribute, each governed by its own row of the access matrix."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from accounts.models import User
from customers.models import Customer


@dataclass(frozen=True)
class Section:
    """`rows` gives the newest few for the template to show; `area` is the matrix key that must be open."""

    key: str
    area: str
    title: Promise
    template: str
    rows: Callable[[User, Customer], Sequence[Any]]


_SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    """Called by an app's `ready()`; the customers app imports none of them."""
    _SECTIONS[section.key] = section


def registered() -> list[Section]:
    return list(_SECTIONS.values())
