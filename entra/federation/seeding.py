"""Federates the demo's domains. A domain that is federated already keeps its settings; addresses follow the site."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from entra.directory.models import Domain
from entra.federation.administration import Provider, federate_domain
from entra.federation.models import FederatedDomain, MfaBehavior


@transaction.atomic
def load_federation(world: dict[str, Any], provider_of: Callable[[str], Provider]) -> None:
    """`provider_of` takes the name of a third party and returns its side of the federation."""
    for row in world["tenants"]:
        federation = row.get("federation")
        if federation is None:
            continue
        provider = provider_of(federation["provider"])
        known = FederatedDomain.objects.filter(domain_id=federation["domain"])
        if known.exists():
            known.update(
                issuer_uri=provider.issuer_uri,
                passive_sign_in_uri=provider.sign_in_uri,
                sign_out_uri=provider.sign_out_uri,
                signing_certificate=provider.certificate,
            )
            continue
        federate_domain(
            domain=Domain.objects.get(name=federation["domain"]),
            provider=provider,
            mfa_behavior=MfaBehavior(federation["mfa"]),
            signed_requests=True,
            actor="demo",
        )
