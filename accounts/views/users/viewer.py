"""Who is looking at user management, and how much of it the directory shows and lets them change (M8)."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from accounts.users.assignment import changeable_roles


@dataclass(frozen=True, slots=True)
class Viewer:
    """`everything`: changes beside the agent roles; `reports`: the sign-in log and who has registered a method."""

    user: User
    tenant: PartnerTenant
    everything: bool
    reports: bool

    @property
    def actor(self) -> str:
        return self.user.oid or self.user.subject

    @property
    def changeable(self) -> list[Role]:
        return changeable_roles(self.user.roles, self.tenant)


def viewer_of(request: HttpRequest) -> Viewer:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    everything = Role.GLOBAL_ADMIN in user.roles
    return Viewer(user, user.tenant, everything, everything or Role.SECURITY_ADMIN in user.roles)
