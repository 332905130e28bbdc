"""Names for the ids that policies hold, read once for a whole page."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from entra.admincenter.applications import applications_of
from entra.directory.models import DirectoryRole, Group, Tenant, User
from entra.policy.models import ConditionalAccessPolicy


@dataclass(frozen=True)
class Names:
    """By id as text. What is gone from the directory has no name: no rule can meet it any more."""

    people: dict[str, str]
    groups: dict[str, str]
    applications: dict[str, str]

    def role(self, template_id: str) -> str:
        return DirectoryRole(template_id).label if template_id in DirectoryRole.values else template_id


def names_in(tenant: Tenant, policies: Iterable[ConditionalAccessPolicy]) -> Names:
    """Three queries, however many policies there are."""
    listed = list(policies)
    people = _ids(one for policy in listed for one in (*policy.include_users, *policy.exclude_users))
    groups = _ids(one for policy in listed for one in (*policy.include_groups, *policy.exclude_groups))
    return Names(
        _by_id(User.objects.filter(tenant=tenant, pk__in=people).values_list("pk", "display_name")),
        _by_id(Group.objects.filter(tenant=tenant, pk__in=groups).values_list("pk", "display_name")),
        _by_id(applications_of(tenant).values_list("pk", "name")),
    )


def _by_id(rows: Iterable[tuple[UUID, str]]) -> dict[str, str]:
    return {str(pk): name for pk, name in rows}


def _ids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:  # the word for everybody
            continue
    return found
