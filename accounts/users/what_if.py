"""What the access matrix would say to a person who has signed in, with and without multifactor authentication."""

from dataclasses import dataclass
from datetime import datetime

from accounts.access import Area, Decision, Exempted, decide
from accounts.evidence import Evidence, Outcome
from accounts.gate import exemption_of
from accounts.models import PartnerTenant, User
from accounts.roles import Role, effective_roles
from accounts.users.forecast import Expectation
from accounts.users.person import Person

_PROVING = frozenset({Expectation.VERIFY, Expectation.REGISTER, Expectation.FEDERATE})
_SINGLE = frozenset({Expectation.NOT_ASKED, Expectation.CUSTOM_CONTROL})


@dataclass(frozen=True, slots=True)
class Entrance:
    """The decision about a page after a sign-in that proved MFA or not. `expected`: the forecast leads here."""

    mfa: bool
    decision: Decision
    expected: bool


@dataclass(frozen=True, slots=True)
class Prospect:
    """`held` are the person's roles that count, `needed` those of which the page wants one, in the matrix' order."""

    area: Area
    held: list[Role]
    needed: list[Role]
    entrances: list[Entrance]


def prospect_of(
    *,
    tenant: PartnerTenant,
    person: Person,
    roles: frozenset[Role],
    area: Area,
    expectation: Expectation | None,
    now: datetime,
) -> Prospect:
    """Ask the matrix about a page. `roles` are the directory's; what the portal knows of the person is added."""
    known = User.objects.filter(tenant=tenant, oid=str(person.id)).first()
    assigned = {role for role in Role if known is not None and role.value in known.local_roles}
    held = effective_roles(roles | assigned, tenant.program_set)
    exemption = exemption_of(known, now=now) if known is not None else None
    return Prospect(
        area=area,
        held=[role for role in Role if role in held and role is not Role.USER],
        needed=[role for role in Role if role in area.roles],
        entrances=_entrances(area, held, exemption, expectation, now),
    )


def _entrances(
    area: Area, held: frozenset[Role], exemption: Exempted | None, expectation: Expectation | None, now: datetime
) -> list[Entrance]:
    proven = Evidence(provider="", outcome=Outcome.MFA, at=now, auth_time=now)
    single = Evidence(provider="", outcome=Outcome.SINGLE_FACTOR, at=now, auth_time=now)
    return [
        Entrance(False, decide(area, held, [single], exemption, now), expectation in _SINGLE),
        Entrance(True, decide(area, held, [proven], exemption, now), expectation in _PROVING),
    ]
