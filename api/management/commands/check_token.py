"""What an access token says, and how an operation of the REST API would answer it (requirement A7)."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.caller import known_person
from api.decoder import decode, verdict
from api.openapi import operation_id
from api.operations import OPERATIONS


class Command(BaseCommand):
    help = "Read an access token from standard input; exit code 1 when the operation would refuse it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--operation", default="get_v1_customers", help="as in the OpenAPI document's operationId")

    def handle(self, *args: Any, **options: Any) -> None:
        row = next((row for row in OPERATIONS if operation_id(row) == options["operation"]), None)
        if row is None:
            known = ", ".join(operation_id(row) for row in OPERATIONS)
            raise CommandError(f"There is no operation {options['operation']}. There are: {known}.")
        if sys.stdin.isatty():
            self.stderr.write("Paste the token, then press Enter and Ctrl-D.")
        decoded = decode(sys.stdin.read())
        for claim in decoded.claims:
            moment = f"  ({claim.moment:%Y-%m-%d %H:%M:%S} UTC)" if claim.moment else ""
            self.stdout.write(f"{claim.name:>20}  {claim.value}{moment}")
        if decoded.token is None:
            raise CommandError(f"The token does not count. {decoded.problem}")
        found = verdict(decoded.token, row, known_person(decoded.token))
        answer = f"{row.method} {row.path}: {found.status} {found.code}".rstrip()
        if not found.accepted:
            raise CommandError(f"{answer}. {found.why}")
        self.stdout.write(f"{answer}. {found.why}")
