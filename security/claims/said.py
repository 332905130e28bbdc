"""What an assertion or a token says, as values."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    ASSERTION = "assertion"
    """A SAML 2.0 assertion of a federated identity provider."""
    CONTROL = "control"
    """The signed answer of a custom control."""
    TOKEN = "token"
    """Another JWT, such as an ID token or an access token."""
    UNSIGNED = "unsigned"
    """A JWT that is not signed, by its own word (RFC 7515 section 6)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`name` as it was sent; `decisive` where the verdict, or who is signed in, rests on it."""

    name: str
    values: tuple[str, ...]
    decisive: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """`facts` frame the claims: issuer, subject, audience, times. `class_refs` are the AuthnContextClassRefs."""

    source: Source
    facts: tuple[Claim, ...] = ()
    class_refs: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


class Problem(StrEnum):
    """Why a text is not read."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NEITHER = "neither"
    NOT_XML = "not-xml"
    FORBIDDEN_XML = "forbidden-xml"
    NOT_ONE_ASSERTION = "not-one-assertion"
    AMBIGUOUS = "ambiguous"
    ENCRYPTED = "encrypted"
    NOT_A_TOKEN = "not-a-token"


class Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
