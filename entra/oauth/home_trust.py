"""Believing the MFA that guests did at home, or not any more: then what rests on it ends (M15, M22)."""

from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from entra.directory.administration.accounts import void_sessions
from entra.directory.models import Tenant
from entra.oauth.models import Grant
from entra.policy.administration import set_home_mfa_trust
from entra.signin.facts import SECOND_FACTORS
from entra.signin.session import LIFETIME


@transaction.atomic
def change_home_mfa_trust(*, tenant: Tenant, on: bool, actor: str) -> int:
    """Switch the trust; return how many guests were signed out of `tenant` by it, and told so by mail.

    Those are the guests whose tokens or sessions say MFA and did not get it from a verification for `tenant` itself.
    At home nothing of theirs ends.
    """
    set_home_mfa_trust(tenant=tenant, on=on, actor=actor)
    if on:
        return 0
    resting = {grant.account for grant in _living(tenant) if "mfa" in grant.amr and not _verified_here(grant)}
    for guest in sorted(resting, key=lambda one: one.pk):
        void_sessions(account=guest, actor=actor, sentence=partial(_news, tenant.display_name))
    return len(resting)


def _news(organization: str) -> str:
    return _(
        "%(organization)s no longer accepts the verification of your home organization. You were signed out there; "
        "sign in again and verify for it."
    ) % {"organization": organization}


def _living(tenant: Tenant) -> "QuerySet[Grant]":
    """Grants of guests that a session or a token may still rest on."""
    now = timezone.now()
    recent = Q(created_at__gt=now - LIFETIME)
    renewable = Q(refresh_tokens__expires_at__gt=now)
    void = Q(account__sessions_valid_from__gt=F("created_at"))
    void |= Q(account__home_account__sessions_valid_from__gt=F("created_at"))
    found = Grant.objects.filter(
        recent | renewable, tenant=tenant, revoked_at=None, account__home_account__isnull=False
    )
    found = found.exclude(void)
    return found.select_related("account__tenant", "account__home_account", "session").distinct()


def _verified_here(grant: Grant) -> bool:
    """Whether the person verified for this tenant, with a method kept here, before the grant was made.

    What was proven before the guest was last signed out here is over. Where the session is gone and nobody
    can tell any more, the answer is no.
    """
    if grant.session is None:
        return False
    given = grant.session.events.filter(account=grant.account.home_account, at__lte=grant.created_at)
    if since := grant.account.sessions_valid_from:
        given = given.filter(at__gte=since)
    return given.filter(resource_tenant=grant.tenant_id, method__in=SECOND_FACTORS).exists()
