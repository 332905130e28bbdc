"""Reads the facts that `decide` weighs from the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import CharField, Exists, GenericIPAddressField, OuterRef, Q, QuerySet, UUIDField
from django.http import HttpRequest
from django.utils import timezone

from activity.prepared import Prepared
from entra.apps.consents import has_consented
from entra.apps.models import Application
from entra.apps.scopes import parse
from entra.apps.services import find_application
from entra.directory.models import Tenant, User
from entra.directory.services import account_in, find_home_account
from entra.policy.evaluate import Verdict
from entra.policy.services import switches_of, verdict_for
from entra.signin.decide import Decision, decide
from entra.signin.facts import SECOND_FACTORS, ClientFacts, FederatedMfa, Proof, SessionFacts, TenantFacts, UserFacts
from entra.signin.home_realm import Hint
from entra.signin.method import Method, Source
from entra.signin.models import AuthenticationEvent, Interaction, ProviderSession
from entra.signin.network import client_ip
from entra.signin.request import Prompt, SignInRequest
from entra.signin.session import current_session, has_put_off_registration, signed_in_account
from entra.signin.standing import Standing, standing_of, user_facts

_NOBODY = UUID(int=0)
_NO_ADDRESS = "::"
_PLACES = 100
"""How many earlier browsers and addresses are looked through for this one."""


@dataclass(frozen=True)
class Weighing:
    """A decision with what it was about. `account` is the resource tenant's, `home` the one that signs in."""

    decision: Decision
    request: SignInRequest
    tenant: Tenant | None
    account: User | None
    hint: Hint
    session: ProviderSession | None
    home: User | None
    user: UserFacts | None
    verdict: Verdict
    proofs: tuple[Proof, ...]
    application: Application | None
    would: Callable[[Verdict], Decision]
    """What a person at a page would have got under another verdict (report-only policies)."""


def sign_in_request(interaction: Interaction) -> SignInRequest:
    return msgspec.convert(interaction.request, SignInRequest)


def weigh(request: HttpRequest, interaction: Interaction, application: Application | None = None) -> Weighing:
    """Decide what the interaction needs next, from what is stored now. `application`, if it was just read."""
    now = timezone.now()
    asked = sign_in_request(interaction)
    hint = Hint(asked.login_hint)
    signed_in = signed_in_account(request)
    pinned = _pinned_account(asked, interaction.account, signed_in)
    home = _chosen_account(interaction, asked, hint, signed_in=signed_in, pinned=pinned)
    tenant = interaction.tenant or (home.tenant if home else None)
    account = account_in(home, tenant) if home and tenant else None
    session = _session_facts(request, interaction, signed_in, _pinned_id(asked, hint, pinned))
    user, verdict = None, Verdict()
    if home is not None:
        standing = standing_of(home)
        user = user_facts(home, account, standing)
        verdict = _verdict(request, asked, home, account, user=user, standing=standing, now=now)

    def decided(asked: SignInRequest, verdict: Verdict) -> Decision:
        return decide(
            request=asked,
            session=session,
            tenant=tenant_facts(tenant) if tenant else None,
            client=client,
            user=user,
            verdict=verdict,
            now=now,
        )

    application = application or find_application(asked.client_id)
    client = _client_facts(application, asked, account)
    return Weighing(
        decision=decided(asked, verdict),
        request=asked,
        tenant=tenant,
        account=account,
        hint=hint,
        session=current_session(request),
        home=home,
        user=user,
        verdict=verdict,
        proofs=session.proofs if home == signed_in else (),
        application=application,
        would=partial(decided, msgspec.structs.replace(asked, prompt=asked.prompt - {Prompt.NONE})),
    )


def _pinned_account(asked: SignInRequest, chosen: User | None, signed_in: User | None) -> User | None:
    """The home account that the request names by `id_token_hint` or `login_hint`, if there is such an account.

    `chosen` is the home account the interaction is about already, which is most often the one. While nobody is chosen
    or signed in there is nobody whom the hint could mean, and it is not looked up.
    """
    if asked.expected_oid:
        found = User.objects.select_related("tenant", "home_account__tenant").filter(pk=asked.expected_oid).first()
        return found.home if found else None
    if chosen is None and signed_in is None:
        return None
    if chosen is not None and chosen.user_principal_name == asked.login_hint.strip().lower():
        return chosen
    return find_home_account(asked.login_hint) if asked.login_hint else None


def _chosen_account(
    interaction: Interaction, asked: SignInRequest, hint: Hint, *, signed_in: User | None, pinned: User | None
) -> User | None:
    """The account this interaction is about: typed or picked here, else named by the request, else signed in."""
    if interaction.account is not None:
        return interaction.account
    if interaction.state.get("other_account"):
        return None
    if asked.expected_oid:
        return pinned or signed_in
    if hint.domain is not None and (pinned is None or pinned != signed_in):
        # A hint that names nobody gets the password page too: what we know of the name shows after the password only.
        return None
    return signed_in


def _pinned_id(asked: SignInRequest, hint: Hint, pinned: User | None) -> UUID | None:
    if pinned is not None:
        return pinned.pk
    # Nobody else gets in under a name that nobody has either, or the difference would tell (ASVS 6.3.8).
    return _NOBODY if not asked.expected_oid and hint.domain is not None else None


def _session_facts(
    request: HttpRequest, interaction: Interaction, signed_in: User | None, pinned_id: UUID | None
) -> SessionFacts:
    session = current_session(request)
    state = interaction.state
    asked_at = state.get("federated_mfa_asked_at")
    refused = state.get("refused")
    return SessionFacts(
        started_at=interaction.created_at,
        account_id=signed_in.pk if signed_in else None,
        proofs=tuple(map(proof_of, _events.all(session.pk, signed_in.pk))) if session and signed_in else (),
        pinned_id=pinned_id,
        selected=interaction.account_id is not None or bool(state.get("other_account")),
        consented=signed_in is not None and state.get("consented") == str(signed_in.pk),
        put_off_registration=session is not None and has_put_off_registration(session),
        federated_mfa_asked_at=datetime.fromisoformat(asked_at) if asked_at else None,
        refused=(refused[0], refused[1]) if refused else None,
    )


_events = Prepared[AuthenticationEvent](
    lambda session, account: AuthenticationEvent.objects.filter(session=session, account=account),
    UUIDField(),
    UUIDField(),
)


def proof_of(event: AuthenticationEvent) -> Proof:
    return Proof(
        method=Method(event.method),
        at=event.at,
        source=Source(event.source),
        user_verified=event.user_verified,
        proves_mfa=event.proves_mfa,
        device_id=event.device_id,
        tenant_id=event.resource_tenant_id,
    )


def tenant_facts(tenant: Tenant) -> TenantFacts:
    days = settings.MAX_MFA_AGE_DAYS
    return TenantFacts(
        id=tenant.pk, trusts_home_mfa=tenant.trusts_home_mfa, max_mfa_age=timedelta(days=days) if days else None
    )


def _client_facts(application: Application | None, asked: SignInRequest, account: User | None) -> ClientFacts:
    if application is None or account is None or application.preauthorized:
        return ClientFacts(preauthorized=application is not None and application.preauthorized)
    return ClientFacts(
        granted=has_consented(application=application, account=account, scopes=asked.scope),
        mfa_at_consent=settings.MFA_AT_CONSENT and any(not parse(scope).openid for scope in asked.scope),
    )


def _places(verified: Q) -> Callable[..., QuerySet[ProviderSession, Any]]:
    """Other browsers and addresses in which the account was verified: browser and address, once each.

    A password alone makes no place known: whoever stole it would only have to try twice (V12).
    """
    proof = AuthenticationEvent.objects.filter(verified, session=OuterRef("pk"), account=OuterRef("account"))

    def places(home: Any, agent: Any, ip: Any, this: Any) -> QuerySet[ProviderSession, Any]:
        seen = ProviderSession.objects.filter(Q(user_agent=agent) | Q(ip_address=ip), Exists(proof), account=home)
        return seen.exclude(pk=this).values_list("user_agent", "ip_address").distinct()[:_PLACES]

    return places


_SECOND_FACTOR = Q(method__in=SECOND_FACTORS)
_OF_PLACES = (UUIDField(), CharField(), GenericIPAddressField(), UUIDField())
_seen = Prepared[ProviderSession](_places(_SECOND_FACTOR), *_OF_PLACES)
_seen_or_federated = Prepared[ProviderSession](_places(_SECOND_FACTOR | Q(proves_mfa=True)), *_OF_PLACES)


def _verdict(
    request: HttpRequest,
    asked: SignInRequest,
    home: User,
    account: User | None,
    *,
    user: UserFacts,
    standing: Standing,
    now: datetime,
) -> Verdict:
    if account is None:
        return Verdict()
    switches = standing.switches if account.pk == home.pk else switches_of(account.tenant_id, account.pk)
    asks_where = switches.security_defaults_since is not None  # no other rule does
    known_device, known_location = _known(request, user, home) if asks_where else (False, False)
    return verdict_for(
        account=home,
        resource_account=account,
        client_id=asked.client_id,
        ip=client_ip(request),
        now=now,
        known_device=known_device,
        known_location=known_location,
        registered=bool(user.registered),
        switches=switches,
    )


def _known(request: HttpRequest, user: UserFacts, home: User) -> tuple[bool, bool]:
    """Whether the account was verified in such a browser before, and from this address."""
    session = current_session(request)
    ip = client_ip(request)
    agent = request.headers.get("User-Agent", "")[:200]
    seen = _seen if user.federated_mfa is FederatedMfa.REJECT else _seen_or_federated
    places = seen.all(home.pk, agent, ip or _NO_ADDRESS, session.pk if session else _NOBODY)
    return any(known == agent for known, _ip in places), any(known == ip for _agent, known in places)
