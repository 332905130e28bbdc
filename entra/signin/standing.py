"""What is stored of an account that `decide` and the policies weigh, in one query."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Subquery, UUIDField

from activity.prepared import Prepared
from entra.directory.methods import MethodKind
from entra.directory.methods.inventory import columns_of_usable, read_usable
from entra.directory.models import User
from entra.federation.models import FederatedDomain
from entra.policy.services import Switches, columns_of_switches, read_switches
from entra.signin.facts import FederatedMfa, UserFacts
from entra.signin.method import Method


@dataclass(frozen=True)
class Standing:
    """A home account: what it can verify with, where it signs in, and what is switched on for it."""

    federation: FederatedMfa | None
    """What its domain says of its identity provider's MFA; None when the password is kept here."""
    usable: tuple[MethodKind, ...]
    switches: Switches


def standing_of(home: User) -> Standing:
    """Read all of it. Nothing of it is kept from one request to the next."""
    federation, *columns = _standing.first(home.pk, home.domain_name)
    count = len(columns_of_usable())
    return Standing(
        federation=FederatedMfa(federation) if federation else None,
        usable=read_usable(columns[:count]),
        switches=read_switches(*columns[count:]),
    )


_standing = Prepared[User](
    lambda home, domain: User.objects.filter(pk=home).values_list(
        Subquery(FederatedDomain.objects.filter(domain=domain).values("federated_idp_mfa_behavior")),
        *columns_of_usable(),
        *columns_of_switches(home, "tenant__"),
    ),
    UUIDField(),
    CharField(),
)


def user_facts(home: User, account: User | None, standing: Standing) -> UserFacts:
    """What `decide` knows of a home account and of `account`, which stands for it in the resource tenant."""
    return facts_by_value(
        home,
        account,
        federation=standing.federation,
        usable=standing.usable,
        allowed=standing.switches.allowed_methods,
    )


def facts_by_value(
    home: User,
    account: User | None,
    *,
    federation: FederatedMfa | None,
    usable: Iterable[MethodKind],
    allowed: Iterable[MethodKind],
) -> UserFacts:
    """What `decide` knows of an account: what it may use, and what it is in the resource tenant."""
    usual = frozenset(Method(kind) for kind in allowed)
    return UserFacts(
        account_id=home.pk,
        resource_oid=account.pk if account else None,
        enabled=home.account_enabled and (account is None or account.account_enabled),
        valid_from=account.sessions_valid_from if account else None,
        guest=account is not None and account.pk != home.pk,
        federated=federation is not None,
        federated_mfa=federation or FederatedMfa.ACCEPT,
        registered=frozenset(Method(kind) for kind in usable),
        # Recovery codes stand in for a method that is allowed, never alone.
        allowed=usual | {Method.RECOVERY_CODE} if usual else usual,
    )
