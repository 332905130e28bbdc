"""What the list of sign-ins is narrowed to, as the directory's own condition, and the pages that follow."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fluent.listing.columns import Choices, Filter
from fluent.listing.period import END, START, Period
from fluent.listing.query import LONGEST_SEARCH, ListQuery, read
from security.sign_ins.columns import COLUMNS

DEFAULT_SORT = "-at"
_SALT = "security.sign-ins"
_MFA: Choices = [("without", gettext_lazy("Without MFA")), ("with", gettext_lazy("With MFA"))]
_RESULTS: Choices = [("success", gettext_lazy("Succeeded")), ("failure", gettext_lazy("Failed or interrupted"))]
FILTERS: list[Filter[Any]] = [
    Filter("mfa", gettext_lazy("MFA"), "", lambda rows: _MFA),
    Filter("result", gettext_lazy("Result"), "", lambda rows: _RESULTS),
]
CHOICES: dict[str, Choices] = {"mfa": _MFA, "result": _RESULTS}
PERIOD: Period[Any] = Period("createdDateTime")
APPLICATION = "application"
_CONDITIONS = {
    ("mfa", "without"): "mfaSatisfied eq false",
    ("mfa", "with"): "mfaSatisfied eq true",
    ("result", "success"): "status/errorCode eq 0",
    ("result", "failure"): "status/errorCode ne 0",
}


def read_query(data: QueryDict) -> ListQuery:
    """The state of the list. What is not understood is among its problems."""
    query = read(data, columns=COLUMNS, filters=FILTERS, choices=CHOICES, default_sort=DEFAULT_SORT, period=PERIOD)
    application = data.get(APPLICATION, "").strip()
    if len(application) > LONGEST_SEARCH or "\x00" in application:
        query.problems.append(_("The name of the application cannot be searched for."))
    elif application:
        query.chosen[APPLICATION] = application
    if data.get("format", "csv") != "csv":
        query.problems.append(_("The list can be exported as csv only."))
    return query


def condition_of(query: ListQuery) -> str:
    """The `$filter` of the query; "" for everything."""
    parts = [_CONDITIONS[key, value] for key, value in query.chosen.items() if (key, value) in _CONDITIONS]
    if query.text:
        parts.append(_starts_with(query.text, "userDisplayName", "userPrincipalName"))
    if application := query.chosen.get(APPLICATION):
        parts.append(_starts_with(application, "appDisplayName"))
    if START in query.period:
        parts.append(f"createdDateTime ge {query.period[START].at:%Y-%m-%dT%H:%M:%SZ}")
    if END in query.period:
        parts.append(f"createdDateTime le {query.period[END].over - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}")
    return " and ".join(parts)


def _starts_with(text: str, *names: str) -> str:
    quoted = text.replace("'", "''")
    return "(" + " or ".join(f"startswith({name},'{quoted}')" for name in names) + ")"


def continued(token: str, tenant_id: UUID, query: ListQuery) -> str:
    """The directory's address of the page asked for, out of a token that only the portal makes.

    It is good for this tenant and these filters alone: the portal calls it with its own rights.
    """
    if not token:
        return ""
    try:
        state, address = signing.loads(token, salt=_SALT)
        if state != _state(tenant_id, query):
            raise signing.BadSignature
    except (signing.BadSignature, ValueError, TypeError):
        query.problems.append(_("The link to this page of the list is not valid; the list starts anew."))
        return ""
    return str(address)


def token_for(address: str, tenant_id: UUID, query: ListQuery) -> str:
    return signing.dumps((_state(tenant_id, query), address), salt=_SALT, compress=True) if address else ""


def _state(tenant_id: UUID, query: ListQuery) -> list[Any]:
    return [str(tenant_id), query.text, [list(pair) for pair in sorted(query.conditions.items())]]
