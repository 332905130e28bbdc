"""What applications are called in the reports of the security requirements."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings


def application_names(tenant_id: UUID, ids: Iterable[str]) -> dict[str, str]:
    """The names of those of these applications that have one here; callers show the id of the others.

    Known are the applications that the portal itself is configured with, the same for every tenant.
    """
    known = {settings.OIDC_RP_CLIENT_ID: "Partner Center", settings.API_COMMAND_LINE_CLIENT_ID: "Command line"}
    return {each: known[each] for each in ids if each in known}
