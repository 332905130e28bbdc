"""Give or take a directory role or a group membership: `manage.py set_role … --settings=entra.settings`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entra.directory.administration import Refused
from entra.directory.administration.groups import add_member, remove_member
from entra.directory.administration.roles import assign_role, remove_role
from entra.directory.models import DirectoryRole, Group, User

ACTOR = "command line"
_ROLES = {role.label: role for role in DirectoryRole}


class Command(BaseCommand):
    help = "Give an account a directory role (Global Administrator, …) or put it into a group (AdminAgents, …)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sign_in_name")
        parser.add_argument("role", help=f"{', '.join(_ROLES)}, or the name of a group of the account's tenant")
        parser.add_argument("--remove", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        account = find_account(options["sign_in_name"])
        name, remove = options["role"], options["remove"]
        try:
            if name in _ROLES:
                (remove_role if remove else assign_role)(account=account, role=_ROLES[name], actor=ACTOR)
            else:
                group = _group(account, name)
                (remove_member if remove else add_member)(group=group, member=account, actor=ACTOR)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{account}: {name} {'removed' if remove else 'given'}")


def find_account(sign_in_name: str) -> User:
    """The account of this name, guests included. Raises CommandError."""
    account = User.objects.filter(user_principal_name=sign_in_name.lower()).first()
    if account is None:
        raise CommandError(f"no account {sign_in_name}")
    return account


def _group(account: User, name: str) -> Group:
    group = Group.objects.filter(tenant=account.tenant_id, display_name=name).first()
    if group is None:
        raise CommandError(f"{account.tenant} has no group {name}. Directory roles: {', '.join(_ROLES)}.")
    return group
