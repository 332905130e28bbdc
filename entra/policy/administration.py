"""Changes of a tenant's policies. Each is one act with one audit record."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from typing import Any

from django.db import transaction
from django.utils import timezone

from activity.actions import AuditAction
from activity.services import record_audit
from entra.directory.methods import MethodKind
from entra.directory.models import Tenant, User
from entra.policy.evaluate import EVERYBODY, Grant, PerUserMfaState, PolicyState
from entra.policy.models import (
    AuthenticationPolicy,
    ConditionalAccessPolicy,
    NamedLocation,
    PerUserMfa,
    SecurityDefaults,
)


class PolicyAction(AuditAction):
    SECURITY_DEFAULTS_CHANGED = "policy.securityDefaults.changed"
    CONDITIONAL_ACCESS_SAVED = "policy.conditionalAccess.saved"
    CONDITIONAL_ACCESS_REMOVED = "policy.conditionalAccess.removed"
    NAMED_LOCATION_SAVED = "policy.namedLocation.saved"
    PER_USER_MFA_CHANGED = "policy.perUserMfa.changed"
    METHODS_CHANGED = "policy.methods.changed"
    LEGACY_AUTHENTICATION_CHANGED = "policy.legacyAuthentication.changed"


@transaction.atomic
def set_security_defaults(*, tenant: Tenant, on: bool, actor: str) -> None:
    """Switch security defaults. Switching on again does not start the 14 days anew while they are on."""
    if on:
        SecurityDefaults.objects.get_or_create(tenant=tenant, defaults={"enabled_at": timezone.now()})
    else:
        SecurityDefaults.objects.filter(tenant=tenant).delete()
    _audit(PolicyAction.SECURITY_DEFAULTS_CHANGED, tenant, actor, on=on)


def require_mfa(
    *, tenant: Tenant, name: str, users: Iterable[User] | None, excluded: Iterable[User], actor: str
) -> ConditionalAccessPolicy:
    """Save the conditional access policy `name`: MFA for `users` (None is everybody) in every application."""
    return save_policy(
        tenant=tenant,
        name=name,
        grant=Grant.MFA,
        include_users=[EVERYBODY] if users is None else [str(user.pk) for user in users],
        exclude_users=[str(user.pk) for user in excluded],
        actor=actor,
    )


@transaction.atomic
def save_policy(
    *,
    tenant: Tenant,
    name: str,
    grant: Grant,
    actor: str,
    state: PolicyState = PolicyState.ON,
    include_users: Sequence[str] = (EVERYBODY,),
    exclude_users: Sequence[str] = (),
    include_groups: Sequence[str] = (),
    exclude_groups: Sequence[str] = (),
    include_guests: bool = False,
    exclude_guests: bool = False,
    include_applications: Sequence[str] = (EVERYBODY,),
    exclude_applications: Sequence[str] = (),
    include_locations: Iterable[NamedLocation] = (),
    exclude_locations: Iterable[NamedLocation] = (),
) -> ConditionalAccessPolicy:
    """Save the conditional access policy `name` as these facts make it; what it said before is gone.

    Ids are text. No included location means everywhere. Raises ValueError for a custom control, which needs one.
    """
    if grant is Grant.CUSTOM_CONTROL:
        raise ValueError(grant)
    policy, _ = ConditionalAccessPolicy.objects.update_or_create(
        tenant=tenant,
        name=name,
        defaults={
            "state": state,
            "grant": grant,
            "custom_control": None,
            "include_users": list(include_users),
            "exclude_users": list(exclude_users),
            "include_groups": list(include_groups),
            "exclude_groups": list(exclude_groups),
            "include_guests": include_guests,
            "exclude_guests": exclude_guests,
            "include_applications": list(include_applications),
            "exclude_applications": list(exclude_applications),
        },
    )
    policy.include_locations.set(include_locations)
    policy.exclude_locations.set(exclude_locations)
    _audit(
        PolicyAction.CONDITIONAL_ACCESS_SAVED,
        tenant,
        actor,
        policy=name,
        grant=grant,
        state=state,
        included=policy.include_users,
        excluded=policy.exclude_users,
    )
    return policy


@transaction.atomic
def remove_policy(*, tenant: Tenant, name: str, actor: str) -> bool:
    """Remove one conditional access policy; return whether there was one."""
    gone, _ = ConditionalAccessPolicy.objects.filter(tenant=tenant, name=name).delete()
    if gone:
        _audit(PolicyAction.CONDITIONAL_ACCESS_REMOVED, tenant, actor, policies=[name])
    return bool(gone)


@transaction.atomic
def save_location(*, tenant: Tenant, name: str, cidr_ranges: Iterable[str], actor: str) -> NamedLocation:
    """Save a named location. Raises ValueError for what is no address range."""
    ranges = [str(ip_network(text)) for text in cidr_ranges]
    location, _ = NamedLocation.objects.update_or_create(tenant=tenant, name=name, defaults={"cidr_ranges": ranges})
    _audit(PolicyAction.NAMED_LOCATION_SAVED, tenant, actor, location=name, ranges=ranges)
    return location


@transaction.atomic
def remove_policies(*, tenant: Tenant, grant: Grant, actor: str) -> int:
    """Remove every conditional access policy of `tenant` with this grant; return how many there were."""
    names = list(ConditionalAccessPolicy.objects.filter(tenant=tenant, grant=grant).values_list("name", flat=True))
    ConditionalAccessPolicy.objects.filter(tenant=tenant, grant=grant).delete()
    _audit(PolicyAction.CONDITIONAL_ACCESS_REMOVED, tenant, actor, policies=names)
    return len(names)


@transaction.atomic
def set_per_user_mfa(*, users: Iterable[User], state: PerUserMfaState, actor: str) -> None:
    for user in users:
        PerUserMfa.objects.update_or_create(user=user, defaults={"state": state})
        _audit(PolicyAction.PER_USER_MFA_CHANGED, user.tenant, actor, user=user.user_principal_name, state=state)


@transaction.atomic
def set_allowed_methods(*, tenant: Tenant, kinds: Iterable[MethodKind] | None, actor: str) -> None:
    """Save the methods policy; None removes it, so that the default applies again."""
    listed = None if kinds is None else sorted(kind.value for kind in kinds)
    AuthenticationPolicy.objects.update_or_create(tenant=tenant, defaults={"allowed_methods": listed})
    _audit(PolicyAction.METHODS_CHANGED, tenant, actor, allowed=listed)


@transaction.atomic
def set_legacy_block(*, tenant: Tenant, on: bool, actor: str) -> None:
    AuthenticationPolicy.objects.update_or_create(tenant=tenant, defaults={"blocks_legacy_authentication": on})
    _audit(PolicyAction.LEGACY_AUTHENTICATION_CHANGED, tenant, actor, blocked=on)


def _audit(action: PolicyAction, tenant: Tenant, actor: str, **detail: Any) -> None:
    record_audit(action=action, actor=actor, tenant_id=tenant.pk, subject=tenant.display_name, detail=detail)
