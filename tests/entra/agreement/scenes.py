"""Random tenants by plain values: people, policies, places, applications, and every attempt among them.

A scene knows nothing of the database. `foretold` says what must happen from `evaluate` and the requirement alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import product
from uuid import NAMESPACE_DNS, UUID, uuid5

from hypothesis import strategies as st

from entra.directory.methods import MethodKind
from entra.directory.models import DirectoryRole
from entra.federation.models import MfaBehavior
from entra.policy.evaluate import (
    AccessPolicy,
    Attempt,
    Grant,
    PerUserMfaState,
    PolicyState,
    Rules,
    Subject,
    evaluate,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ALL = frozenset({"all"})
ROLES = (DirectoryRole.GLOBAL_ADMINISTRATOR.value, DirectoryRole.SECURITY_ADMINISTRATOR.value)
PLACES = {"office": ("192.0.2.0/24",), "cafe": ("198.51.100.0/25",), "six": ("2001:db8::/32",)}
TRUSTED = frozenset({"office"})
ADDRESSES = ("192.0.2.10", "198.51.100.20", "2001:db8::5")
OUTER_GROUP = {"inner": {"inner", "outer"}, "outer": {"outer"}, "apart": {"apart"}}
"""The groups a direct membership amounts to: `inner` is nested in `outer`."""
KINDS = (MethodKind.AUTHENTICATOR_APP, MethodKind.SECURITY_KEY, MethodKind.HARDWARE_TOKEN)


def id_of(name: str) -> UUID:
    return uuid5(NAMESPACE_DNS, name)


APPLICATIONS = (str(id_of("first application")), str(id_of("second application")))
CONTROL = str(id_of("control"))


class Cast(StrEnum):
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    COLLEAGUE = "colleague"
    GUEST = "guest"
    BREAK_GLASS = "breakglass"
    FEDERATED = "federated"


@dataclass(frozen=True)
class Actor:
    cast: Cast
    groups: frozenset[str]
    roles: frozenset[str]
    methods: frozenset[MethodKind]
    per_user: PerUserMfaState
    age: timedelta
    verified_from: frozenset[str]
    """Addresses where this person verified before, with the usual browser."""

    @property
    def id(self) -> UUID:
        return id_of(self.cast)

    @property
    def subject(self) -> Subject:
        return Subject(
            user_id=str(self.id),
            group_ids=frozenset(str(id_of(one)) for group in self.groups for one in OUTER_GROUP[group]),
            role_ids=self.roles,
            guest=self.cast is Cast.GUEST,
            administrator=bool(self.roles),
            break_glass=self.cast is Cast.BREAK_GLASS,
            registered=bool(self.methods),
            created_at=NOW - self.age,
            per_user_mfa=self.per_user,
        )


@dataclass(frozen=True)
class Scene:
    actors: tuple[Actor, ...]
    policies: tuple[AccessPolicy, ...]
    places: tuple[tuple[frozenset[str] | None, bool, frozenset[str], bool], ...]
    """For each policy: places included (None: everywhere) and whether all trusted, the same for excluded."""
    defaults_age: timedelta | None
    legacy_blocked: bool
    allowed: frozenset[MethodKind] | None
    allowed_at_home: frozenset[MethodKind] | None
    behavior: MfaBehavior
    usual_browser: int

    @property
    def rules(self) -> Rules:
        since = None if self.defaults_age is None else NOW - self.defaults_age
        return Rules(since, self.legacy_blocked, self.policies)

    def attempts(self) -> Iterator["Try"]:
        for number, (actor, app, ip) in enumerate(product(self.actors, APPLICATIONS, ADDRESSES)):
            yield Try(actor, app, ip, bool(self.usual_browser >> number & 1))

    def with_broad_first(self, grant: Grant) -> "Scene":
        """The same with a first policy that nearly everybody meets, so that it has something to say."""
        first = replace(
            self.policies[0],
            grant=grant,
            custom_control="",
            include_users=ALL,
            exclude_users=frozenset(),
            include_applications=ALL,
            exclude_applications=frozenset(),
        )
        return replace(self, policies=(first, *self.policies[1:]))

    def with_state(self, index: int, state: PolicyState) -> "Scene":
        changed = replace(self.policies[index], state=state)
        return replace(self, policies=(*self.policies[:index], changed, *self.policies[index + 1 :]))


@dataclass(frozen=True)
class Try:
    actor: Actor
    application: str
    ip: str
    usual_browser: bool

    @property
    def known_device(self) -> bool:
        return self.usual_browser and bool(self.actor.verified_from)

    @property
    def known_location(self) -> bool:
        return self.ip in self.actor.verified_from


def foretold(scene: Scene, attempt: Try, *, legacy: bool = False) -> str:
    """allow, prompt or block, from the requirement (V4, V7, V12 to V14)."""
    actor = attempt.actor
    facts = Attempt(
        client_id=attempt.application,
        now=NOW,
        ip=attempt.ip,
        known_device=attempt.known_device,
        known_location=attempt.known_location,
        legacy=legacy,
    )
    verdict = evaluate(subject=actor.subject, attempt=facts, rules=scene.rules)
    if verdict.block:
        return "block"
    asked = bool(verdict.custom_controls) or verdict.mfa
    if not asked:
        return "allow"
    if legacy:
        return "block"  # no page can be shown
    if verdict.custom_controls or (actor.cast is Cast.FEDERATED and scene.behavior is MfaBehavior.ENFORCE):
        return "prompt"
    allowed = scene.allowed_at_home if actor.cast is Cast.GUEST else scene.allowed
    if allowed is None:
        only_app = scene.defaults_age is not None and actor.cast is not Cast.GUEST
        allowed = frozenset({MethodKind.AUTHENTICATOR_APP}) if only_app else frozenset(KINDS)
    return "prompt" if allowed else "block"


def _some(*values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=len(values))


_METHODS = st.frozensets(st.sampled_from(KINDS), max_size=2)
_ALLOWED = st.one_of(st.none(), st.frozensets(st.sampled_from(KINDS), max_size=3))
_AGES = st.sampled_from([timedelta(days=number) for number in (0, 5, 13, 15, 60)])
_RARELY = st.sampled_from([False, False, False, True])


@st.composite
def actors(draw: st.DrawFn, cast: Cast) -> Actor:
    roles = draw(st.frozensets(st.sampled_from(ROLES), min_size=1)) if cast is Cast.ADMINISTRATOR else frozenset()
    return Actor(
        cast=cast,
        groups=draw(_some(*OUTER_GROUP)),
        roles=roles,
        methods=draw(_METHODS),
        per_user=draw(st.sampled_from([PerUserMfaState.DISABLED] * 5 + [PerUserMfaState.ENABLED])),
        age=draw(_AGES),
        verified_from=draw(_some(*ADDRESSES)),
    )


def _ids(names: frozenset[str]) -> frozenset[str]:
    return frozenset(str(id_of(name)) for name in names)


_People = st.one_of(st.just(ALL), _some(*Cast).map(_ids))
_Places = tuple[frozenset[str] | None, bool, frozenset[str], bool]


@st.composite
def policies(draw: st.DrawFn, number: int) -> tuple[AccessPolicy, _Places]:
    grant = draw(st.sampled_from([Grant.MFA, Grant.MFA, Grant.BLOCK, Grant.CUSTOM_CONTROL]))
    included = draw(st.one_of(st.none(), _some(*PLACES)))
    trusted_in, trusted_out = draw(_RARELY), draw(_RARELY)
    excluded = draw(st.one_of(st.just(frozenset()), _some(*PLACES)))
    anywhere = not included and not trusted_in
    within = (included or frozenset()) | (TRUSTED if trusted_in else frozenset())
    policy = AccessPolicy(
        name=f"policy {number}",
        id=str(id_of(f"policy {number}")),
        grant=grant,
        custom_control=CONTROL if grant is Grant.CUSTOM_CONTROL else "",
        state=draw(st.sampled_from([PolicyState.ON, PolicyState.ON, PolicyState.REPORT_ONLY, PolicyState.OFF])),
        include_users=draw(_People),
        exclude_users=draw(_some(*Cast).map(_ids)),
        include_groups=_ids(draw(_some(*OUTER_GROUP))),
        exclude_groups=_ids(draw(st.one_of(st.just(frozenset()), _some(*OUTER_GROUP)))),
        include_roles=draw(_some(*ROLES)),
        exclude_roles=draw(st.one_of(st.just(frozenset()), _some(*ROLES))),
        include_guests=draw(st.booleans()),
        exclude_guests=draw(_RARELY),
        include_applications=draw(st.one_of(st.just(ALL), _some(*APPLICATIONS))),
        exclude_applications=draw(st.one_of(st.just(frozenset()), _some(*APPLICATIONS))),
        include_locations=None if anywhere else _ranges(within),
        exclude_locations=_ranges(excluded | (TRUSTED if trusted_out else frozenset())),
    )
    return policy, (None if anywhere else included or frozenset(), trusted_in, excluded, trusted_out)


def _ranges(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(one for name in sorted(names) for one in PLACES[name])


@st.composite
def scenes(draw: st.DrawFn, at_least: int = 0) -> Scene:
    made = [draw(policies(number)) for number in range(draw(st.integers(at_least, 3)))]
    return Scene(
        actors=tuple(draw(actors(cast)) for cast in Cast),
        policies=tuple(policy for policy, _places in made),
        places=tuple(places for _policy, places in made),
        defaults_age=draw(st.one_of(st.none(), _AGES)),
        legacy_blocked=draw(st.booleans()),
        allowed=draw(_ALLOWED),
        allowed_at_home=draw(_ALLOWED),
        behavior=draw(st.sampled_from(MfaBehavior)),
        usual_browser=draw(st.integers(0, 2 ** (len(Cast) * len(APPLICATIONS) * len(ADDRESSES)) - 1)),
    )
