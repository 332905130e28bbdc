"""`amr`, `acr` and `auth_time` from the proofs given in a session, and from nothing else (requirement V6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from entra.signin.facts import SECOND_FACTORS, Proof
from entra.signin.method import Method

# What each credential adds to `amr` (RFC 8176 and the v1 token reference). A recovery code proves a second
# factor but has no name of its own there; the answer is flagged instead.
_AMR = {
    Method.PASSWORD: "pwd",
    Method.TEMPORARY_PASS: "pwd",  # typed in place of a password, and worth no more
    Method.FEDERATED: "fed",
    Method.AUTHENTICATOR_APP: "otp",
    Method.HARDWARE_TOKEN: "otp",
    Method.SECURITY_KEY: "rsa",
}
MFA_ACR = (
    "urn:microsoft:policies:mfa",
    "2",
    "possessionorinherence",
    "knowledgeorpossessionorinherence",
    "https://refeds.org/profile/mfa",
)
"""The `acr` values that multifactor authentication meets."""
SINGLE_FACTOR_ACR = ("1", "0")
MFA_AMR = frozenset({"mfa", "ngcmfa"})
PROVABLE_BY: dict[str, frozenset[Method]] = {
    "mfa": SECOND_FACTORS,
    "ngcmfa": SECOND_FACTORS,
    "otp": frozenset({Method.AUTHENTICATOR_APP, Method.HARDWARE_TOKEN}),
    "rsa": frozenset({Method.SECURITY_KEY}),
}
"""Which second factors can bring an `amr` value about."""


@dataclass(frozen=True)
class Evidence:
    """What a set of proofs amounts to. Empty when no first factor is among them."""

    amr: tuple[str, ...] = ()
    mfa: bool = False
    auth_time: datetime | None = None
    recovery: bool = False
    """The only second factor was a recovery code: enough to sign in, not to manage factors."""

    @property
    def first_factor(self) -> bool:
        return self.auth_time is not None

    def acr_for(self, wanted: Iterable[str]) -> str:
        """The first wanted value that is met; without one "2" for MFA, "1" for a single factor, "0" for nothing."""
        for value in wanted:
            if self.meets_acr(value):
                return value
        return "2" if self.mfa else "1" if self.first_factor else "0"

    def meets_acr(self, value: str) -> bool:
        return (value in MFA_ACR and self.mfa) or (value in SINGLE_FACTOR_ACR and self.first_factor)


def evidence_of(
    proofs: Iterable[Proof], *, trusts_federated_mfa: bool = True, second_factor_counts: Iterable[Proof] | None = None
) -> Evidence:
    """Sum up `proofs`. `second_factor_counts` narrows which of them may count as the second factor (guests).

    `auth_time` is the oldest of the latest proofs of each factor claimed: a fresh password does not make an old
    second factor look fresh.
    """
    proofs = tuple(proofs)
    for_second = proofs if second_factor_counts is None else tuple(second_factor_counts)
    first = _latest(p for p in proofs if _is_first(p))
    if first is None:
        return Evidence()
    whole = _latest(p for p in for_second if _is_whole(p, trusts_federated_mfa))
    second = _latest(p for p in for_second if p.method in SECOND_FACTORS)
    # A second factor that does not count here is not told either: it would answer a demand for its `amr` value.
    used = [p for p in proofs if p.method in _AMR and (p.method not in SECOND_FACTORS or p is first or p in for_second)]
    amr = list(dict.fromkeys(_AMR[p.method] for p in sorted(used, key=lambda p: p.at)))
    if whole is None and (second is None or first is second):
        return Evidence(amr=tuple(amr), auth_time=first.at)
    moments = [whole.at] if whole else []
    if second is not None and first is not second:
        moments.append(min(first.at, second.at))
    local = {p.method for p in for_second if p.method in SECOND_FACTORS}
    return Evidence((*amr, "mfa"), True, max(moments), whole is None and local == {Method.RECOVERY_CODE})


def _latest(proofs: Iterable[Proof]) -> Proof | None:
    return max(proofs, key=lambda p: p.at, default=None)


def _is_first(proof: Proof) -> bool:
    return proof.method in {Method.PASSWORD, Method.TEMPORARY_PASS, Method.FEDERATED} or (
        proof.method is Method.SECURITY_KEY and proof.user_verified
    )


def _is_whole(proof: Proof, trusts_federated_mfa: bool) -> bool:
    """One proof that is multifactor by itself: a key with user verification, or federated MFA that is accepted."""
    if proof.method is Method.SECURITY_KEY:
        return proof.user_verified
    return proof.method is Method.FEDERATED and proof.proves_mfa and trusts_federated_mfa
