"""Federate a verified domain with an identity provider, change its certificate, or end the federation."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from cryptography.x509 import load_pem_x509_certificate
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import URLValidator

from entra.directory.models import Domain
from entra.federation.administration import Provider, federate_domain, set_next_certificate, unfederate_domain
from entra.federation.errors import AnswerRefused
from entra.federation.models import FederatedDomain, MfaBehavior
from entra.federation.saml.metadata import ProviderDescription, read_provider

ACTOR = "command line"
BEHAVIORS = {"accept": MfaBehavior.ACCEPT, "enforce": MfaBehavior.ENFORCE, "reject": MfaBehavior.REJECT}
EXAMPLES = """examples:
  federate_domain wingtip.example --metadata wingtip-metadata.xml --mfa enforce
  federate_domain wingtip.example --next-certificate new.pem     trust a second certificate, for a change
  federate_domain wingtip.example --end                          check passwords here again
"""


class Command(BaseCommand):
    help = "Let people of a domain sign in at their own identity provider, by SAML 2.0."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", help="a verified domain")
        act = parser.add_mutually_exclusive_group(required=True)
        act.add_argument("--metadata", type=Path, metavar="FILE", help="the provider's SAML metadata")
        act.add_argument("--next-certificate", type=Path, metavar="FILE", help="PEM; trusted beside the present one")
        act.add_argument("--end", action="store_true", help="end the federation")
        parser.add_argument("--mfa", choices=list(BEHAVIORS), default="accept", help="what is believed of its MFA")
        parser.add_argument("--sign-out", default="", metavar="URL", help="the provider's page to sign out there too")
        parser.add_argument("--unsigned-requests", action="store_true", help="do not sign our requests")

    def handle(self, *args: Any, **options: Any) -> None:
        domain = Domain.objects.select_related("tenant").filter(name=options["domain"].lower()).first()
        if domain is None:
            raise CommandError(f"No tenant has the domain {options['domain']}.")
        if options["metadata"]:
            found = self._read(options["metadata"])
            federate_domain(
                domain=domain,
                provider=Provider(
                    found.issuer_uri, found.sign_in_uri, found.certificate, _address(options["sign_out"])
                ),
                mfa_behavior=BEHAVIORS[options["mfa"]],
                signed_requests=not options["unsigned_requests"],
                actor=ACTOR,
            )
            self.stdout.write(f"{domain.name} signs in at {found.sign_in_uri}.")
            return
        federated = FederatedDomain.objects.filter(domain=domain).first()
        if federated is None:
            raise CommandError(f"{domain.name} is not federated.")
        if options["end"]:
            missing = unfederate_domain(domain=domain, actor=ACTOR)
            self.stdout.write(f"Passwords of {domain.name} are checked here. {missing} people have none.")
        else:
            set_next_certificate(federated=federated, certificate=_pem(options["next_certificate"]), actor=ACTOR)
            self.stdout.write(f"{domain.name} trusts the next certificate too.")

    def _read(self, path: Path) -> ProviderDescription:
        try:
            return read_provider(path.read_bytes())
        except (OSError, ValueError, AnswerRefused) as error:
            raise CommandError(f"{path} is not the metadata of a SAML 2.0 identity provider: {error}") from error


def _address(url: str) -> str:
    try:
        if url:
            URLValidator(schemes=["http", "https"])(url)
    except ValidationError as error:
        raise CommandError(f"{url} is not an http or https address.") from error
    return url


def _pem(path: Path) -> str:
    try:
        text = path.read_text()
        load_pem_x509_certificate(text.encode())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} is not a PEM certificate: {error}") from error
    return text
