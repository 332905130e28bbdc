"""Changes of a tenant's policies. Each is one act with one audit record."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from activity.actions import AuditAction
from activity.services import record_audit
from entra.directory.methods import MethodKind
from entra.directory.models import Tenant, User
from entra.policy.evaluate import EVERYBODY, Grant, PerUserMfaState, PolicyState
from entra.policy.models import (
    AuthenticationPolicy,
    ConditionalAccessPolicy,
    CustomControl,
    NamedLocation,
    PerUserMfa,
    SecurityDefaults,
)


class PolicyAction(AuditAction):
    SECURITY_DEFAULTS_CHANGED = "policy.securityDefaults.changed"
    CONDITIONAL_ACCESS_SAVED = "policy.conditionalAccess.saved"
    CONDITIONAL_ACCESS_REMOVED = "policy.conditionalAccess.removed"
    NAMED_LOCATION_SAVED = "policy.namedLocation.saved"
    NAMED_LOCATION_REMOVED = "policy.namedLocation.removed"
    CUSTOM_CONTROL_SAVED = "policy.customControl.saved"
    CUSTOM_CONTROL_REMOVED = "policy.customControl.removed"
    PER_USER_MFA_CHANGED = "policy.perUserMfa.changed"
    METHODS_CHANGED = "policy.methods.changed"
    LEGACY_AUTHENTICATION_CHANGED = "policy.legacyAuthentication.changed"
    HOME_MFA_TRUST_CHANGED = "policy.homeMfaTrust.changed"
    PASSWORD_GRANT_CHANGED = "policy.passwordGrant.changed"


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
    policy: ConditionalAccessPolicy | None = None,
    custom_control: CustomControl | None = None,
    state: PolicyState = PolicyState.ON,
    include_users: Sequence[str] = (EVERYBODY,),
    exclude_users: Sequence[str] = (),
    include_groups: Sequence[str] = (),
    exclude_groups: Sequence[str] = (),
    include_roles: Sequence[str] = (),
    exclude_roles: Sequence[str] = (),
    include_guests: bool = False,
    exclude_guests: bool = False,
    include_applications: Sequence[str] = (EVERYBODY,),
    exclude_applications: Sequence[str] = (),
    include_locations: Iterable[NamedLocation] = (),
    exclude_locations: Iterable[NamedLocation] = (),
    include_trusted: bool = False,
    exclude_trusted: bool = False,
) -> ConditionalAccessPolicy:
    """Save `policy` (without one: that of this name, or a new one) as these facts make it; what it said is gone.

    Ids are text. No included location means everywhere. Raises ValueError where grant and control do not fit.
    """
    if (grant is Grant.CUSTOM_CONTROL) != (custom_control is not None):
        raise ValueError(grant)
    if policy is None:
        found = ConditionalAccessPolicy.objects.filter(tenant=tenant, name=name).first()
        policy = found or ConditionalAccessPolicy(tenant=tenant)
    policy.name, policy.state, policy.grant, policy.custom_control = name, state, grant, custom_control
    policy.include_users, policy.exclude_users = list(include_users), list(exclude_users)
    policy.include_groups, policy.exclude_groups = list(include_groups), list(exclude_groups)
    policy.include_roles, policy.exclude_roles = list(include_roles), list(exclude_roles)
    policy.include_guests, policy.exclude_guests = include_guests, exclude_guests
    policy.include_applications, policy.exclude_applications = list(include_applications), list(exclude_applications)
    policy.include_trusted, policy.exclude_trusted = include_trusted, exclude_trusted
    policy.save()
    policy.include_locations.set(include_locations)
    policy.exclude_locations.set(exclude_locations)
    _audit(
        PolicyAction.CONDITIONAL_ACCESS_SAVED,
        tenant,
        actor,
        policy=name,
        grant=grant,
        state=state,
        included=[*policy.include_users, *policy.include_groups, *policy.include_roles],
        excluded=[*policy.exclude_users, *policy.exclude_groups, *policy.exclude_roles],
    )
    return policy


@transaction.atomic
def set_policy_state(*, policy: ConditionalAccessPolicy, state: PolicyState, actor: str) -> None:
    """Switch a policy on, to report-only or off; everything else in it stays."""
    policy.state = state
    policy.save(update_fields=["state", "modified_at"])
    _audit(PolicyAction.CONDITIONAL_ACCESS_SAVED, policy.tenant, actor, policy=policy.name, state=state)


@transaction.atomic
def remove_policy(*, tenant: Tenant, name: str, actor: str) -> bool:
    """Remove one conditional access policy; return whether there was one."""
    gone, _ = ConditionalAccessPolicy.objects.filter(tenant=tenant, name=name).delete()
    if gone:
        _audit(PolicyAction.CONDITIONAL_ACCESS_REMOVED, tenant, actor, policies=[name])
    return bool(gone)


@transaction.atomic
def save_location(
    *,
    tenant: Tenant,
    name: str,
    cidr_ranges: Iterable[str],
    actor: str,
    location: NamedLocation | None = None,
    is_trusted: bool = False,
) -> NamedLocation:
    """Save `location` (without one: that of this name, or a new one). Raises ValueError for an unusable range."""
    ranges = [str(ip_network(text)) for text in cidr_ranges]
    if location is None:
        found = NamedLocation.objects.filter(tenant=tenant, name=name).first()
        location = found or NamedLocation(tenant=tenant)
    location.name, location.cidr_ranges, location.is_trusted = name, ranges, is_trusted
    location.save()
    _audit(PolicyAction.NAMED_LOCATION_SAVED, tenant, actor, location=name, ranges=ranges, trusted=is_trusted)
    return location


class LocationInUse(Exception):
    """A policy names the location; without it the policy would mean something else."""


@transaction.atomic
def remove_location(*, location: NamedLocation, actor: str) -> None:
    """Remove a named location that no policy names. Raises LocationInUse."""
    if location.included_in.exists() or location.excluded_in.exists():
        raise LocationInUse(location.name)
    location.delete()
    _audit(PolicyAction.NAMED_LOCATION_REMOVED, location.tenant, actor, location=location.name)


@transaction.atomic
def save_control(
    *,
    tenant: Tenant,
    name: str,
    url: str,
    issuer: str,
    certificate: str,
    actor: str,
    control: CustomControl | None = None,
) -> CustomControl:
    """Save `control` (without one: a new one) as these facts make it.

    `issuer` is the `iss` of its answers and the audience of our requests. `certificate` is PEM; the audit record says
    no more of it than whether it changed.
    """
    control = control or CustomControl(tenant=tenant)
    renewed = control.certificate != certificate
    control.name, control.url, control.issuer, control.certificate = name, url, issuer, certificate
    control.save()
    detail = {"control": name, "url": url, "issuer": issuer, "certificateChanged": renewed}
    _audit(PolicyAction.CUSTOM_CONTROL_SAVED, tenant, actor, **detail)
    return control


class ControlInUse(Exception):
    """Policies name the control; `policies` are their names."""

    def __init__(self, policies: Sequence[str]) -> None:
        super().__init__(", ".join(policies))
        self.policies = policies


@transaction.atomic
def remove_control(*, control: CustomControl, actor: str) -> None:
    """Remove a custom control that no policy names. Raises ControlInUse."""
    tenant, name = control.tenant, control.name
    try:
        control.delete()
    except ProtectedError as error:
        raise ControlInUse(sorted(str(policy) for policy in error.protected_objects)) from error
    _audit(PolicyAction.CUSTOM_CONTROL_REMOVED, tenant, actor, control=name)


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


@transaction.atomic
def set_home_mfa_trust(*, tenant: Tenant, on: bool, actor: str) -> None:
    """Believe the MFA that guests did at their home organization, or have them verify for `tenant` (M15).

    It counts from the next sign-in; `entra.oauth.home_trust` ends what rests on a trust that is gone. Members are
    not touched, and no guest is a tenant's last administrator.
    """
    Tenant.objects.filter(pk=tenant.pk).update(trusts_home_mfa=on)
    tenant.trusts_home_mfa = on
    _audit(PolicyAction.HOME_MFA_TRUST_CHANGED, tenant, actor, trusted=on)


@transaction.atomic
def set_password_grant(*, tenant: Tenant, on: bool, actor: str) -> None:
    """Let applications exchange a typed password for tokens, or stop it (V14)."""
    AuthenticationPolicy.objects.update_or_create(tenant=tenant, defaults={"allows_password_grant": on})
    _audit(PolicyAction.PASSWORD_GRANT_CHANGED, tenant, actor, allowed=on)


def _audit(action: PolicyAction, tenant: Tenant, actor: str, **detail: Any) -> None:
    record_audit(action=action, actor=actor, tenant_id=tenant.pk, subject=tenant.display_name, detail=detail)
