"""Whether what a third party said proves MFA, and what exactly is missing (V8, V9, A2).

The identity provider decides for itself at each sign-in; this says beforehand what it will find, by the same rule:
exact values, nothing trimmed or lowered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from security.claims.redaction import MOST, printable, shown
from security.claims.said import Claim, Said, Source

MULTIPLE_AUTHN = "http://schemas.microsoft.com/claims/multipleauthn"
METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences"
SHORT_METHODS, SHORT_VALUE = "authenticationmethodsreferences", "multipleauthn"
_PROOFS = frozenset({(METHODS, MULTIPLE_AUTHN), (SHORT_METHODS, SHORT_VALUE)})
_METHOD_WORDS = frozenset({"authnmethodsreferences", "authenticationmethodsreferences"})
_OTHERS = frozenset({"upn", "immutableid", "amr", "acr", "acrs", "idpemail", "outcome", "in_response_to", "auth_time"})


class Verdict(StrEnum):
    BY_CONTEXT = "by-context"
    BY_ATTRIBUTE = "by-attribute"
    PROVEN = "proven"
    """The identity provider found the proof when it received the answer."""
    TOKEN_WITH_MFA = "token-with-mfa"
    NOT_BELIEVED = "not-believed"
    """The proof is there, and the answer was refused or says no."""
    NO_PROOF = "no-proof"
    OTHER_VALUE = "other-value"
    OTHER_SPELLING = "other-spelling"
    ATTRIBUTE_NOT_ACCEPTED = "attribute-not-accepted"
    CONTROL_NEVER_COUNTS = "control-never-counts"
    TOKEN_WITHOUT_MFA = "token-without-mfa"
    TOKEN_UNSIGNED = "token-unsigned"

    @property
    def proves(self) -> bool:
        return self in {Verdict.BY_CONTEXT, Verdict.BY_ATTRIBUTE, Verdict.PROVEN, Verdict.TOKEN_WITH_MFA}


@dataclass(frozen=True, slots=True)
class Finding:
    """`instead`: what was sent in the place of the proof, each `name = value`."""

    verdict: Verdict
    instead: tuple[str, ...] = ()


def decides(name: str) -> bool:
    """Whether MFA, or who is signed in, is read from a claim of this name."""
    return _last_word(name) in _METHOD_WORDS | _OTHERS


def claims_of(rows: Iterable[tuple[str, Iterable[str]]]) -> tuple[Claim, ...]:
    """The claims as a page may show them, the decisive ones first."""
    ordered = sorted(rows, key=lambda row: not decides(row[0]))[:MOST]
    return tuple(Claim(printable(name), shown(name, values), decides(name)) for name, values in ordered)


def judge(said: Said) -> Finding:
    """Say what an identity provider that reads the AuthnContextClassRef and the attribute would find."""
    if said.source is Source.CONTROL:
        return Finding(Verdict.CONTROL_NEVER_COUNTS)
    if said.source is Source.UNSIGNED:
        return Finding(Verdict.TOKEN_UNSIGNED)
    if said.source is Source.TOKEN:
        amr = tuple(f"amr = {value}" for claim in said.claims if claim.name == "amr" for value in claim.values)
        return Finding(Verdict.TOKEN_WITH_MFA) if "amr = mfa" in amr else Finding(Verdict.TOKEN_WITHOUT_MFA, amr)
    if MULTIPLE_AUTHN in said.class_refs:
        return Finding(Verdict.BY_CONTEXT)
    held = [(claim.name, value) for claim in said.claims for value in claim.values]
    if not _PROOFS.isdisjoint(held):
        return Finding(Verdict.BY_ATTRIBUTE)
    return _without(said)


def instead_of_proof(said: Said) -> tuple[str, ...]:
    """What stands where the proof is looked for, in the order sent."""
    return tuple(f"{name} = {value}" for name, value in _read(said))


def _without(said: Said) -> Finding:
    instead = instead_of_proof(said)
    if any(_last_word(value) == SHORT_VALUE for _name, value in _read(said)):
        return Finding(Verdict.OTHER_SPELLING, instead)
    return Finding(Verdict.OTHER_VALUE if instead else Verdict.NO_PROOF, instead)


def _read(said: Said) -> Iterator[tuple[str, str]]:
    for ref in said.class_refs:
        yield "AuthnContextClassRef", ref
    for claim in said.claims:
        if _is_methods(claim):
            for value in claim.values:
                yield claim.name, value


def _is_methods(claim: Claim) -> bool:
    return _last_word(claim.name) in _METHOD_WORDS


def _last_word(text: str) -> str:
    """What is left of a name or value without its namespace, its capitals and the spaces around it."""
    return text.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2].casefold()
