"""What a service tells the suite layout: navigation, account card, addresses in the suite bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Mfa(StrEnum):
    DONE = "done"
    NOT_DONE = "not-done"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Entry:
    """One line of the rail; `locked` says that opening it will ask for verification."""

    label: str
    url: str
    icon: str
    locked: bool = False
    current: bool = False


@dataclass(frozen=True)
class Section:
    entries: Sequence[Entry]
    label: str = ""


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Organization:
    """One of several organizations that a person can work for here."""

    name: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Suite:
    """Addresses in the suite bar; an empty one leaves its sign out."""

    home_url: str = "/"
    search_url: str = ""
    settings_url: str = ""
    help_url: str = ""


@dataclass(frozen=True)
class AccountCard:
    """Who is signed in; `sign_out_url` is posted to. `organizations` are offered to switch between."""

    name: str
    identifier: str
    organization: str
    roles: Sequence[str]
    mfa: Mfa
    sign_out_url: str
    links: Sequence[Link] = ()
    organizations: Sequence[Organization] = ()
