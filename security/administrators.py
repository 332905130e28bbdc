"""Who administers a tenant, as its directory's report of registrations says."""

import logging

from msgraph.client import GraphClient, GraphRefused
from security.members import LONG_PAGE

logger = logging.getLogger(__name__)
_PATH = "reports/authenticationMethods/userRegistrationDetails"


def administrators_of(graph: GraphClient) -> frozenset[str] | None:
    """The ids of accounts with a directory role, in lower case; None where the directory keeps that back.

    One call for each page of administrators. Raises GraphUnavailable.
    """
    try:
        rows = graph.every(_PATH, filter="isAdmin eq true", select="id,isAdmin", top=LONG_PAGE)
        return frozenset(str(row.get("id")).lower() for row in rows if row.get("isAdmin") is True)
    except GraphRefused as refused:
        logger.warning("Kept back by the directory, so nobody is known to be an administrator: %s", refused)
        return None
