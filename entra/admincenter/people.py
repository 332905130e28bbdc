"""The people of a tenant, as its administrators ask for them."""

from collections.abc import Iterator
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from entra.directory.models import AccountClass, AuthenticatorApp, HardwareToken, SecurityKey, Tenant, User
from entra.federation.models import FederatedDomain, MfaBehavior
from entra.policy.services import allowed_methods


def enabled(tenant: Tenant) -> "QuerySet[User]":
    """Who can sign in; an account for emergencies is nobody in particular and left out."""
    home_enabled = Q(home_account=None) | Q(home_account__account_enabled=True)
    found = User.objects.filter(home_enabled, tenant=tenant, account_enabled=True)
    return found.exclude(account_class=AccountClass.BREAK_GLASS).order_by("user_principal_name")


def registered(accounts: "QuerySet[User]") -> "QuerySet[User]":
    """Those of them who have confirmed a verification method. Methods belong to the home account."""
    return _with_methods(accounts).filter(_HAS_ONE)


_HAS_ONE = Q(has_app=True) | Q(has_token=True) | Q(has_key=True)


def _with_methods(accounts: "QuerySet[User]") -> "QuerySet[User]":
    home = OuterRef("home_pk")
    return accounts.annotate(home_pk=Coalesce("home_account_id", "pk")).annotate(
        has_app=Exists(AuthenticatorApp.objects.filter(account=home, confirmed=True)),
        has_token=Exists(HardwareToken.objects.filter(account=home, confirmed=True)),
        has_key=Exists(SecurityKey.objects.filter(account=home)),
    )


def to_register(tenant: Tenant) -> Iterator[User]:
    """People without a method who could register one. Whoever verifies at an own provider needs none here."""
    missing = _with_methods(enabled(tenant)).exclude(_HAS_ONE).filter(account_class=AccountClass.PERSON)
    federated = FederatedDomain.objects.exclude(federated_idp_mfa_behavior=MfaBehavior.REJECT)
    elsewhere = set(federated.values_list("domain_id", flat=True))
    allowed = cache(allowed_methods)
    for account in missing.select_related("tenant", "home_account__tenant").iterator(chunk_size=500):
        if allowed(account.home.tenant_id) and account.home.domain_name not in elsewhere:
            yield account


def guests(tenant: Tenant) -> "QuerySet[User]":
    found = User.objects.filter(tenant=tenant).exclude(home_account=None)
    return found.select_related("home_account").prefetch_related("role_assignments")


def verifying_only_at_home(tenant: Tenant) -> "QuerySet[User]":
    """Guests who have no other MFA than that of their organization's own provider."""
    visitors = guests(tenant)
    at_home = FederatedDomain.objects.exclude(federated_idp_mfa_behavior=MfaBehavior.REJECT)
    at_home = at_home.filter(domain__tenant__users__guest_accounts__tenant=tenant).select_related("domain").distinct()
    only = Q(pk__in=[])
    for found in at_home:
        if found.federated_idp_mfa_behavior == MfaBehavior.ENFORCE or not allowed_methods(found.domain.tenant_id):
            only |= Q(home_account__user_principal_name__endswith=f"@{found.domain_id}")
    return visitors.filter(only, account_enabled=True, home_account__account_enabled=True)


def break_glass(tenant: Tenant) -> "QuerySet[User]":
    found = User.objects.filter(tenant=tenant, account_class=AccountClass.BREAK_GLASS)
    return found.prefetch_related("role_assignments").order_by("user_principal_name")


def find_person(tenant: Tenant, name: str) -> User | None:
    """The account of this sign-in name in the tenant; a guest is found by the name used at home too."""
    typed = name.strip().lower()
    named = Q(user_principal_name=typed) | Q(home_account__user_principal_name=typed)
    found = User.objects.filter(named, tenant=tenant).select_related("tenant", "home_account__tenant")
    return found.order_by("home_account_id").first()
