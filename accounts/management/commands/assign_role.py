"""`manage.py assign_role`: give a role in the portal, for the first administrator where the provider keeps no roles."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts.models import User
from accounts.roles import PARTNER_ROLES, Role
from accounts.users.local import LastAdministrator, assign_local_roles


class Command(BaseCommand):
    help = "Assign a role in the portal to somebody who has signed in once. The provider's own roles stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tenant", type=UUID, help="the partner tenant's id")
        parser.add_argument("user", help="the person's user name, or the subject by which the provider knows them")
        parser.add_argument("role", choices=sorted(role.value for role in PARTNER_ROLES))
        parser.add_argument("--remove", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        user, role = _person(options["tenant"], options["user"]), Role(options["role"])
        held = {one for one in Role if one.value in user.local_roles}
        roles = held - {role} if options["remove"] else held | {role}
        try:
            assign_local_roles(user=user, roles=roles, by=frozenset({Role.GLOBAL_ADMIN}), actor="assign_role")
        except LastAdministrator as error:
            raise CommandError("This is the last Global admin. Assign the role to somebody else first.") from error
        held_now = ", ".join(sorted(one.value for one in roles)) or "none"
        self.stdout.write(f"Roles assigned to {user.display_name}: {held_now}.")


def _person(tenant: UUID, name: str) -> User:
    """Names are no keys: two people may bear the same, and then only the subject tells them apart."""
    found = list(User.objects.filter(Q(subject=name) | Q(user_principal_name=name), tenant=tenant))
    if not found:
        raise CommandError("Nobody of this name has signed in yet: sign in once, then run this again.")
    if len(found) > 1:
        subjects = ", ".join(sorted(user.subject for user in found))
        raise CommandError(f"Several people bear this name. Give the subject instead: {subjects}.")
    return found[0]
