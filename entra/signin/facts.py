"""The plain values that `decide` weighs: no request, no database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from entra.signin.method import Method, Source

SECOND_FACTORS = frozenset({Method.AUTHENTICATOR_APP, Method.SECURITY_KEY, Method.HARDWARE_TOKEN, Method.RECOVERY_CODE})


class FederatedMfa(StrEnum):
    """What a federated domain says of its identity provider (`federatedIdpMfaBehavior`)."""

    ACCEPT = "acceptIfMfaDoneByFederatedIdp"
    ENFORCE = "enforceMfaByFederatedIdp"
    REJECT = "rejectMfaByFederatedIdp"


@dataclass(frozen=True)
class Proof:
    """One authentication event by value."""

    method: Method
    at: datetime
    source: Source = Source.LOCAL
    user_verified: bool = False
    proves_mfa: bool = False
    device_id: str = ""
    tenant_id: UUID | None = None


@dataclass(frozen=True)
class SessionFacts:
    """The browser session and how far this interaction has come."""

    started_at: datetime
    account_id: UUID | None = None
    """The home account signed in, None when nobody is."""
    proofs: tuple[Proof, ...] = ()
    pinned_id: UUID | None = None
    """The home account that `login_hint` or `id_token_hint` names, when it names one."""
    selected: bool = False
    """The person chose or typed the account on a page of this interaction."""
    consented: bool = False
    put_off_registration: bool = False
    """In this browser session the person chose not to register yet, where that may wait (V12)."""
    federated_mfa_asked_at: datetime | None = None
    """When the person was sent to the federated provider for MFA in this interaction."""
    refused: tuple[str, int] | None = None
    """The person cancelled or a step failed for good: error and AADSTS code."""


@dataclass(frozen=True)
class TenantFacts:
    """The resource tenant: the one that names `tid` in the token."""

    id: UUID
    trusts_home_mfa: bool = False
    max_mfa_age: timedelta | None = None


@dataclass(frozen=True)
class ClientFacts:
    preauthorized: bool = False
    granted: bool = False
    """The account has consented to every scope asked for."""
    mfa_at_consent: bool = False
    """What is asked for lets the application act, and consenting to that takes fresh verification (S8)."""


@dataclass(frozen=True)
class UserFacts:
    """The account this interaction is about: the home account, and what it is in the resource tenant."""

    account_id: UUID
    resource_oid: UUID | None
    enabled: bool = True
    valid_from: datetime | None = None
    """When the resource tenant revoked the account's sessions: proofs from before do not count there (M22)."""
    guest: bool = False
    federated: bool = False
    federated_mfa: FederatedMfa = FederatedMfa.ACCEPT
    registered: frozenset[Method] = field(default_factory=frozenset)
    """Second factors the account has confirmed."""
    allowed: frozenset[Method] = frozenset(SECOND_FACTORS)
    """Second factors the home tenant's methods policy lets it use and register."""
