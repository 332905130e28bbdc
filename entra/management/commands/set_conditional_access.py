"""Save or remove one conditional access policy, or a named location, from the command line (V13)."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from entra.directory.models import Group, Tenant, User
from entra.directory.services import find_tenant
from entra.policy import administration
from entra.policy.evaluate import EVERYBODY, Grant, PolicyState
from entra.policy.models import NamedLocation

ACTOR = "command line"
EXAMPLES = """examples:
  set_conditional_access contoso.example "Office" --ranges 192.0.2.0/24 2001:db8::/32     save a named location
  set_conditional_access contoso.example "MFA outside" --grant mfa --not-from "Office"
  set_conditional_access contoso.example "No guests" --grant block --users none --guests --state reportOnly
  set_conditional_access contoso.example "Sales" --grant mfa --users none --groups SalesAgents
  set_conditional_access contoso.example "No guests" --remove
"""


class Command(BaseCommand):
    help = "Save one conditional access policy (or, with --ranges, a named location). What it said before is replaced."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tenant", help="a verified domain of the tenant, or its id")
        parser.add_argument("name", help="the policy's name, or the location's")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--grant", choices=[Grant.MFA.value, Grant.BLOCK.value])
        what.add_argument("--ranges", nargs="+", metavar="CIDR", help="save a named location instead of a policy")
        what.add_argument("--remove", action="store_true", help="remove the policy")
        parser.add_argument("--state", choices=[state.value for state in PolicyState], default=PolicyState.ON.value)
        parser.add_argument("--users", nargs="+", default=[EVERYBODY], metavar="NAME", help="all, none, or names")
        parser.add_argument("--exclude-users", nargs="+", default=[], metavar="NAME")
        parser.add_argument("--groups", nargs="+", default=[], metavar="GROUP", help="groups by name, besides --users")
        parser.add_argument("--exclude-groups", nargs="+", default=[], metavar="GROUP")
        parser.add_argument("--guests", action="store_true", help="all guests, besides --users")
        parser.add_argument("--exclude-guests", action="store_true")
        parser.add_argument("--applications", nargs="+", default=[EVERYBODY], metavar="ID", help="all, or client ids")
        parser.add_argument("--exclude-applications", nargs="+", default=[], metavar="ID")
        parser.add_argument("--from", dest="included", nargs="+", default=[], metavar="LOCATION")
        parser.add_argument("--not-from", dest="excluded", nargs="+", default=[], metavar="LOCATION")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        tenant, name = find_tenant(options["tenant"]), options["name"]
        if tenant is None:
            raise CommandError(f"No tenant has the domain or id {options['tenant']}.")
        if options["ranges"]:
            self._save_location(tenant, name, options["ranges"])
        elif options["remove"]:
            if not administration.remove_policy(tenant=tenant, name=name, actor=ACTOR):
                raise CommandError(f"{tenant.display_name} has no policy named {name}.")
            self.stdout.write(f"{tenant.display_name}: policy {name} removed.")
        else:
            _save_policy(tenant, name, options)
            self.stdout.write(f"{tenant.display_name}: policy {name} saved: {options['grant']}, {options['state']}.")

    def _save_location(self, tenant: Tenant, name: str, ranges: list[str]) -> None:
        try:
            location = administration.save_location(tenant=tenant, name=name, cidr_ranges=ranges, actor=ACTOR)
        except ValueError as error:
            raise CommandError(f"{error}. Give ranges such as 192.0.2.0/24 or 2001:db8::/32.") from error
        self.stdout.write(f"{tenant.display_name}: location {name}: {', '.join(location.cidr_ranges)}.")


def _save_policy(tenant: Tenant, name: str, options: dict[str, Any]) -> None:
    administration.save_policy(
        tenant=tenant,
        name=name,
        grant=Grant(options["grant"]),
        state=PolicyState(options["state"]),
        include_users=_user_ids(tenant, options["users"]),
        exclude_users=_user_ids(tenant, options["exclude_users"]),
        include_groups=_group_ids(tenant, options["groups"]),
        exclude_groups=_group_ids(tenant, options["exclude_groups"]),
        include_guests=options["guests"],
        exclude_guests=options["exclude_guests"],
        include_applications=options["applications"],
        exclude_applications=options["exclude_applications"],
        include_locations=_locations(tenant, options["included"]),
        exclude_locations=_locations(tenant, options["excluded"]),
        actor=ACTOR,
    )


def _user_ids(tenant: Tenant, names: list[str]) -> list[str]:
    if names in ([EVERYBODY], ["none"]):
        return [] if names == ["none"] else [EVERYBODY]
    wanted = [name.lower() for name in names]
    users = User.objects.filter(tenant=tenant, user_principal_name__in=wanted)
    found = {user.user_principal_name: str(user.pk) for user in users}
    _refuse_unknown(tenant, "user", [name for name in wanted if name not in found])
    return [found[name] for name in wanted]


def _group_ids(tenant: Tenant, names: list[str]) -> list[str]:
    found = {group.display_name: str(group.pk) for group in Group.objects.filter(tenant=tenant, display_name__in=names)}
    _refuse_unknown(tenant, "group", [name for name in names if name not in found])
    return [found[name] for name in names]


def _locations(tenant: Tenant, names: list[str]) -> list[NamedLocation]:
    found = {place.name: place for place in NamedLocation.objects.filter(tenant=tenant, name__in=names)}
    _refuse_unknown(tenant, "location", [name for name in names if name not in found])
    return [found[name] for name in names]


def _refuse_unknown(tenant: Tenant, kind: str, unknown: list[str]) -> None:
    if unknown:
        raise CommandError(f"{tenant.display_name} has no {kind} named {', '.join(unknown)}.")
