"""One row per operation of the REST API (requirements M20, A5): how it is called, who may, and what answers.

The registry drives routing, enforcement, the OpenAPI document, the docs page and the tests. A path in no row is 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Area
from accounts.roles import Role

if TYPE_CHECKING:
    from api.call import Call

API_AREA = "api"
"""The row M20 of the access matrix; a technical exception that names it covers calls of the API (X4)."""


class Auth(StrEnum):
    """What an operation takes: a person's token only, or an application's own as well (A5, A6)."""

    APP_USER = "app+user"
    BOTH = "both"


class Edition(StrEnum):
    """Which documents the column `auth` follows: today's, or the lists of 2021 (A5)."""

    CURRENT = "current"
    OF_2021 = "2021"


class Subject(StrEnum):
    """What the operation is about, in the terms of A5."""

    DISCOVERY = "discovery"
    CUSTOMERS = "customers"
    TRANSACT = "transact"
    BILLING = "billing"
    SUPPORT = "support"
    PROFILES = "profiles"
    SECURITY = "security"
    OTHER = "other"

    @property
    def label(self) -> Promise:
        return _SUBJECTS[self]


_SUBJECTS = {
    Subject.DISCOVERY: _("Discovery: catalog, prices, promotions"),
    Subject.CUSTOMERS: _("Customers"),
    Subject.TRANSACT: _("Transact and manage"),
    Subject.BILLING: _("Billing and reconciliation"),
    Subject.SUPPORT: _("Support"),
    Subject.PROFILES: _("Partner profiles"),
    Subject.SECURITY: _("Security requirements status"),
    Subject.OTHER: _("Audit records, webhooks, validation, service health"),
}


@dataclass(frozen=True)
class Query:
    """A query parameter, for the document: its name, its JSON schema and what it does."""

    name: str
    about: str
    schema: tuple[tuple[str, Any], ...] = (("type", "string"),)
    required: bool = False


@dataclass(frozen=True)
class Operation:
    """`template` is relative to the version: `customers/{customer_id}`. `takes` and `gives` are msgspec structs;
    `gives` is a tuple of them where the parameters decide which it is.

    `gdap` names the role in the customer's tenant that the call needs beside the partner's own, if any.
    `mfa`: a person's token has to carry it (A2).
    """

    method: str
    template: str
    answer: "Callable[[Call], Any]"
    subject: Subject
    auth: Auth
    auth_2021: Auth
    roles: frozenset[Role]
    summary: str
    gives: Any = None
    takes: Any = None
    status: HTTPStatus = HTTPStatus.OK
    query: tuple[Query, ...] = ()
    gdap: str = ""
    mfa: bool = True
    if_match: bool = False
    media_type: str = "application/json"
    prefix: str = "v1"

    @property
    def name(self) -> str:
        """As the request reports name it: `Get /v{version}/customers/{customer_id}`."""
        return f"{self.method.capitalize()} /{self.prefix.replace('v1', 'v{version}')}/{self.template}"

    @property
    def gives_one_of(self) -> tuple[Any, ...]:
        if isinstance(self.gives, tuple):
            return self.gives
        return () if self.gives is None else (self.gives,)

    @property
    def path(self) -> str:
        return f"/{self.prefix}/{self.template}"

    @cached_property
    def rule(self) -> Area:
        """The row as the access matrix's `decide` takes it."""
        return Area("M20", API_AREA, self.name, (), self.roles, self.mfa)

    def takes_app_only(self, edition: Edition) -> bool:
        return (self.auth if edition is Edition.CURRENT else self.auth_2021) is Auth.BOTH


# Roles by the letters of the access matrix: A Admin agent, S Sales agent, H Helpdesk agent, B Billing admin,
# G Global admin, Y Security admin, C CPV admin, U any user.
def roles(letters: str) -> frozenset[Role]:
    by_letter = {role.letter: role for role in Role}
    return frozenset(by_letter[letter] for letter in letters.split())
