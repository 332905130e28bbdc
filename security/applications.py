"""What applications are called in the reports of the security requirements."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from accounts.models import PartnerTenant
from activity.rollups import applications
from msgraph.client import GraphClient, GraphRefused
from security.models import ApplicationName

logger = logging.getLogger(__name__)
_PATH = "servicePrincipals"
_LONGEST_IN = 15  # Graph takes no more values after `in`
_MOST = 300
"""Of more applications in a window those with most requests without MFA are named."""


def application_names(tenant_id: UUID, ids: Iterable[str]) -> dict[str, str]:
    """The names of those of these applications that have one here; callers show the id of the others.

    Known are those that the last snapshot found in the tenant's directory, and those the portal is configured with.
    """
    wanted = set(ids)
    known = {settings.OIDC_RP_CLIENT_ID: "Partner Center", settings.API_COMMAND_LINE_CLIENT_ID: "Command line"}
    found = ApplicationName.objects.filter(tenant_id=tenant_id, application_id__in=wanted)
    return {one: known[one] for one in wanted if one in known} | dict(found.values_list("application_id", "name"))


def read_names(graph: GraphClient, tenant: PartnerTenant, now: datetime) -> dict[str, str]:
    """What the directory calls the applications that called the API in the window; nothing where it keeps that back.

    Raises GraphUnavailable.
    """
    called = [row["application_id"] for row in applications(tenant.pk, now=now)[:_MOST]]
    try:
        return {
            str(row.get("appId")).lower(): str(row.get("displayName") or "")
            for some in _chunks([one for one in called if _is_id(one)])
            for row in graph.every(_PATH, filter=f"appId in ({','.join(some)})", select="appId,displayName")
        }
    except GraphRefused as refused:
        logger.warning("Kept back by the directory, so applications have no names: %s", refused)
        return {}


def keep_names(tenant: PartnerTenant, names: Mapping[str, str]) -> None:
    """Called inside a transaction by whoever holds the tenant's lock."""
    longest = ApplicationName._meta.get_field("name").max_length
    ApplicationName.objects.bulk_create(
        [
            ApplicationName(tenant=tenant, application_id=key, name=name[:longest])
            for key, name in names.items()
            if name
        ],
        update_conflicts=True,
        unique_fields=["tenant", "application_id"],
        update_fields=["name"],
    )


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    return ([f"'{one}'" for one in ids[at : at + _LONGEST_IN]] for at in range(0, len(ids), _LONGEST_IN))
