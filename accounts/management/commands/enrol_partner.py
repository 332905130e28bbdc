"""`manage.py enrol_partner`: register a directory tenant as a partner, so that its users get in."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Cloud
from accounts.roles import Program, Role
from accounts.services import enrol_partner

_GROUP_OPTIONS = {
    "admin_agents": Role.ADMIN_AGENT,
    "sales_agents": Role.SALES_AGENT,
    "helpdesk_agents": Role.HELPDESK_AGENT,
    "operators": Role.OPERATOR,
}


class Command(BaseCommand):
    help = "Register a directory tenant as a partner. Running it again updates the registration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tenant", type=UUID, help="the directory's tenant id")
        parser.add_argument("name", help="the organization's name")
        parser.add_argument(
            "--program",
            dest="programs",
            action="append",
            required=True,
            choices=[program.value for program in Program],
            help="how it takes part; may be given several times",
        )
        parser.add_argument("--cloud", choices=[cloud.value for cloud in Cloud], default=Cloud.GLOBAL.value)
        for option, role in _GROUP_OPTIONS.items():
            text = f"the directory's id of the group whose members hold the role {role.value}"
            parser.add_argument(f"--{option.replace('_', '-')}", type=UUID, help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        groups = {role: options[option] for option, role in _GROUP_OPTIONS.items() if options[option]}
        try:
            partner = enrol_partner(
                tenant_id=options["tenant"],
                display_name=options["name"],
                programs=[Program(name) for name in options["programs"]],
                cloud=Cloud(options["cloud"]),
                groups=groups,
                actor="enrol_partner",
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{partner.display_name} is enrolled: {', '.join(partner.programs)}.")
