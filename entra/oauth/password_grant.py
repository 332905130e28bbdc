"""The password grant (RFC 6749 section 4.3), for what has no sign-in page yet. Off unless a tenant wants it.

It can prove one factor at most, so wherever more is required it ends in an error and never in a token (V14).
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from entra.apps.consents import has_consented
from entra.apps.models import Application
from entra.directory.methods import TooManyGuesses, verify_password
from entra.directory.methods.kinds import FirstFactor
from entra.directory.methods.temporary_pass import looks_like_pass
from entra.directory.models import User
from entra.directory.services import find_domain, find_home_account
from entra.federation.services import federation_of
from entra.oauth.client_authentication import Caller
from entra.oauth.errors import OAuthError
from entra.oauth.grants import issue_refresh_token
from entra.oauth.models import Grant
from entra.oauth.scope_parameters import requested_resource, requested_scope
from entra.oauth.target import target_of
from entra.oauth.tenancy import check_tenancy, tenant_of
from entra.oauth.token_answer import needed, token_answer
from entra.policy.services import allows_password_grant, verdict_for
from entra.signin.network import client_ip
from entra.signin.token_log import PasswordAttempt, record_password_grant


def by_password(request: HttpRequest, caller: Caller, segment: str, version: str, correlation: UUID) -> dict[str, Any]:
    """Tokens with `amr` of a password alone. Every attempt is in the sign-in log. Raises OAuthError."""
    given = request.POST
    attempt = PasswordAttempt(needed(given, "username"), caller.application, correlation)
    password = needed(given, "password")
    try:
        answer = _exchanged(request, caller, segment, version, attempt, password)
    except OAuthError as error:
        record_password_grant(request, attempt, error.code)
        raise
    record_password_grant(request, attempt)
    return answer


def _exchanged(
    request: HttpRequest, caller: Caller, segment: str, version: str, attempt: PasswordAttempt, password: str
) -> dict[str, Any]:
    """The tokens; what is found out on the way is noted in `attempt`."""
    given, application, name = request.POST, caller.application, attempt.name
    domain = find_domain(name)
    tenant = attempt.tenant = tenant_of(segment) or (domain.tenant if domain else None)
    if domain is None or tenant is None or domain.tenant_id != tenant.pk or not allows_password_grant(tenant):
        raise OAuthError("unsupported_grant_type", 70003)
    check_tenancy(application, tenant)
    scope = requested_scope(given, application, version)
    account = _proven(attempt, password, client_ip(request))
    _check_policies(request, attempt, account)
    if not (application.preauthorized or has_consented(application=application, account=account, scopes=scope)):
        raise OAuthError("invalid_grant", 65001)
    with transaction.atomic():  # a grant without tokens is none
        grant = _granted(given, application, account, scope, version, client_ip(request))
        target, refresh_token = target_of(given, grant, version), issue_refresh_token(grant)
        return token_answer(grant, caller, target, given, version, refresh_token=refresh_token)


def _granted(
    given: QueryDict, application: Application, account: User, scope: tuple[str, ...], version: str, ip: str
) -> Grant:
    now = timezone.now()
    return Grant.objects.create(
        application=application,
        account=account,
        tenant=account.tenant,
        version=version,
        scope=list(scope),
        resource=requested_resource(given) if version == "1.0" else "",
        amr=["pwd"],
        acr="1",
        auth_time=now,
        ip_address=ip or None,
        created_at=now,
    )


def _proven(attempt: PasswordAttempt, password: str, ip: str) -> User:
    """The account whose password this is. A federated name has none here, and a temporary pass is for a person."""
    attempt.right = False
    if federation_of(attempt.name) or looks_like_pass(password):
        raise OAuthError("invalid_grant", 50126)
    account = find_home_account(attempt.name)
    try:
        factor = verify_password(account=account, sign_in_name=attempt.name, password=password, ip=ip)
    except TooManyGuesses as refusal:
        raise OAuthError("invalid_grant", 50053) from refusal
    if account is None or factor is not FirstFactor.PASSWORD:
        raise OAuthError("invalid_grant", 50126)
    attempt.right = True
    if not account.account_enabled:
        raise OAuthError("invalid_grant", 50057)
    return account


def _check_policies(request: HttpRequest, attempt: PasswordAttempt, account: User) -> None:
    """No page can be shown, and no place counts as known."""
    verdict = attempt.verdict = verdict_for(
        account=account,
        resource_account=account,
        client_id=str(attempt.application.pk),
        ip=client_ip(request),
        now=timezone.now(),
        known_device=False,
        known_location=False,
        legacy=True,
    )
    if verdict.block:
        raise OAuthError("invalid_grant", 53003)
    if verdict.mfa:
        raise OAuthError("interaction_required", 50076)
    if verdict.custom_controls:
        raise OAuthError("interaction_required", 50158)
