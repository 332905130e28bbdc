"""Reads a tenant's policies from the database and weighs a sign-in against them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Subquery, UUIDField, prefetch_related_objects

from activity.prepared import Prepared
from entra.directory.methods import MethodKind, has_method
from entra.directory.models import AccountClass, Tenant, User, UserType
from entra.directory.services import group_ids, role_template_ids
from entra.policy.evaluate import AccessPolicy, Attempt, Grant, PerUserMfaState, PolicyState, Rules, Subject, Verdict
from entra.policy.evaluate import evaluate as weigh
from entra.policy.models import (
    AuthenticationPolicy,
    ConditionalAccessPolicy,
    NamedLocation,
    PerUserMfa,
)

_NOBODY = UUID(int=0)


def verdict_for(
    *,
    account: User,
    resource_account: User | None,
    client_id: str,
    ip: str,
    now: datetime,
    known_device: bool,
    known_location: bool = True,
    registered: bool | None = None,
    legacy: bool = False,
    resource_tenant: Tenant | None = None,
    switches: "Switches | None" = None,
) -> Verdict:
    """Return what the resource tenant demands of this sign-in.

    `account` is the home account, `resource_account` the one that stands for it in the resource tenant. A delegated
    partner user has none there: pass `resource_tenant`; such a person counts as one of its administrators.
    `registered` overrules what is looked up: whether the home account has a confirmed verification method.
    `switches` are those of the account weighed and of its tenant, if they were just read.
    """
    weighed_account = resource_account or account
    tenant = resource_tenant or weighed_account.tenant
    foreign = resource_account is None and tenant.pk != account.tenant_id
    switches = switches or switches_of(tenant.pk, weighed_account.pk)
    rules = _rules(tenant, switches)
    if registered is None:  # only security defaults ask
        registered = rules.security_defaults_since is not None and has_method(account)
    asks_roles = bool(rules.policies or rules.security_defaults_since) and not foreign
    subject = subject_by_value(
        weighed_account,
        foreign=foreign,
        groups=group_ids(weighed_account) if rules.policies and not foreign else (),
        roles=role_template_ids(weighed_account) if asks_roles else (),
        registered=registered,
        per_user_mfa=switches.per_user_mfa,
    )
    attempt = Attempt(
        client_id=str(client_id),
        now=now,
        ip=ip,
        known_device=known_device,
        known_location=known_location,
        legacy=legacy,
    )
    return weigh(subject=subject, attempt=attempt, rules=rules)


def subject_by_value(
    account: User,
    *,
    groups: Iterable[UUID],
    roles: Iterable[str],
    registered: bool,
    per_user_mfa: PerUserMfaState,
    foreign: bool = False,
) -> Subject:
    """Return the account as the rules see it. A delegated partner user (`foreign`) counts as an administrator."""
    held = frozenset(roles)
    return Subject(
        user_id=str(account.pk),
        group_ids=frozenset(str(one) for one in groups),
        role_ids=held,
        guest=foreign or account.user_type == UserType.GUEST,
        administrator=foreign or bool(held),
        break_glass=not foreign and account.account_class == AccountClass.BREAK_GLASS,
        registered=registered,
        created_at=account.created_at,
        per_user_mfa=per_user_mfa,
    )


def per_user_mfa_state(account: User) -> PerUserMfaState:
    state = PerUserMfa.objects.filter(user=account).values_list("state", flat=True).first()
    return PerUserMfaState(state or PerUserMfaState.DISABLED)


def rules_of(tenant: Tenant) -> Rules:
    """Return the tenant's rules by value."""
    return _rules(tenant, switches_of(tenant.pk))


def _rules(tenant: Tenant, switches: "Switches") -> Rules:
    policies: list[ConditionalAccessPolicy] = _policies.all(tenant.pk) if switches.has_policies else []
    prefetch_related_objects(policies, "include_locations", "exclude_locations")
    uses_trusted = any(policy.include_trusted or policy.exclude_trusted for policy in policies)
    trusted = _ranges(NamedLocation.objects.filter(tenant=tenant, is_trusted=True)) if uses_trusted else ()
    return Rules(
        security_defaults_since=switches.security_defaults_since,
        blocks_legacy_authentication=switches.blocks_legacy_authentication,
        policies=tuple(_by_value(policy, trusted) for policy in policies),
    )


def allowed_methods(tenant: Tenant | UUID) -> frozenset[MethodKind]:
    """Return the verification methods people of `tenant` (or of the tenant with this id) may register and use."""
    return switches_of(tenant.pk if isinstance(tenant, Tenant) else tenant).allowed_methods


def allows_password_grant(tenant: Tenant) -> bool:
    """Whether applications may take the passwords of people of `tenant` (V14). Off unless switched on."""
    return AuthenticationPolicy.objects.filter(tenant=tenant, allows_password_grant=True).exists()


@dataclass(frozen=True)
class Switches:
    """What is switched on in a tenant and, for a user of it, per-user MFA."""

    security_defaults_since: datetime | None
    blocks_legacy_authentication: bool
    allowed_methods: frozenset[MethodKind]
    per_user_mfa: PerUserMfaState
    has_policies: bool


def switches_of(tenant_id: UUID, user_id: UUID = _NOBODY) -> Switches:
    """Return what is switched on in the tenant, and for the user with this id if one is named."""
    return read_switches(*_switches.first(user_id, tenant_id))


def columns_of_switches(user: Any, tenant: str = "") -> list[Any]:
    """Return what to select for `read_switches`, in a query of tenants, or of rows that have one by the path
    `tenant`, such as `tenant__`. `user` is an id, or an expression for one."""
    return [
        F(f"{tenant}security_defaults__enabled_at"),
        F(f"{tenant}authentication_policy__blocks_legacy_authentication"),
        F(f"{tenant}authentication_policy__allowed_methods"),
        Subquery(PerUserMfa.objects.filter(user=user).values("state")),
        Exists(ConditionalAccessPolicy.objects.filter(tenant=OuterRef(f"{tenant}pk"))),
    ]


def read_switches(
    since: datetime | None, blocks_legacy: bool | None, methods: list[str] | None, state: str | None, policies: bool
) -> Switches:
    """Return the columns as what they stand for."""
    return Switches(
        security_defaults_since=since,
        blocks_legacy_authentication=bool(blocks_legacy),
        allowed_methods=_allowed(methods, since),
        per_user_mfa=PerUserMfaState(state or PerUserMfaState.DISABLED),
        has_policies=policies,
    )


def _allowed(methods: list[str] | None, security_defaults_since: datetime | None) -> frozenset[MethodKind]:
    """A methods policy decides when there is one. Otherwise security defaults offer the authenticator app alone
    (common issue 4), and without them everything is allowed."""
    if methods is not None:
        return frozenset(MethodKind(one) for one in methods)
    if security_defaults_since is not None:
        return frozenset({MethodKind.AUTHENTICATOR_APP})
    return frozenset(MethodKind)


_switches = Prepared[Tenant](
    lambda user, tenant: Tenant.objects.filter(pk=tenant).values_list(*columns_of_switches(user)),
    UUIDField(),
    UUIDField(),
)
_policies = Prepared[ConditionalAccessPolicy](
    lambda tenant: ConditionalAccessPolicy.objects.filter(tenant=tenant).order_by("name"), UUIDField()
)


def _by_value(policy: ConditionalAccessPolicy, trusted: tuple[str, ...]) -> AccessPolicy:
    included = list(policy.include_locations.all())
    somewhere = bool(included) or policy.include_trusted
    return AccessPolicy(
        name=policy.name,
        grant=Grant(policy.grant),
        state=PolicyState(policy.state),
        include_users=frozenset(policy.include_users),
        exclude_users=frozenset(policy.exclude_users),
        include_groups=frozenset(policy.include_groups),
        exclude_groups=frozenset(policy.exclude_groups),
        include_guests=policy.include_guests,
        exclude_guests=policy.exclude_guests,
        include_applications=frozenset(policy.include_applications),
        exclude_applications=frozenset(policy.exclude_applications),
        include_roles=frozenset(policy.include_roles),
        exclude_roles=frozenset(policy.exclude_roles),
        include_locations=_ranges(included) + (trusted if policy.include_trusted else ()) if somewhere else None,
        exclude_locations=_ranges(policy.exclude_locations.all()) + (trusted if policy.exclude_trusted else ()),
        custom_control=str(policy.custom_control_id or ""),
        id=str(policy.pk),
    )


def _ranges(locations: Iterable[NamedLocation]) -> tuple[str, ...]:
    return tuple(one for location in locations for one in location.cidr_ranges)
