"""Why an answer does not prove MFA (V8, V9): what the third party would have to send instead. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from entra.federation.saml.proof import proves_mfa

_VALUE = "multipleauthn"
_ATTRIBUTES = frozenset({"authenticationmethodsreferences", "authnmethodsreferences"})


class Missing(StrEnum):
    NO_PROOF = "noProof"
    """Neither an AuthnContextClassRef nor one of the attributes that are read."""
    OTHER_VALUE = "otherValue"
    """They say something else, such as a password."""
    OTHER_SPELLING = "otherSpelling"
    """The right word in letters, an attribute or an address that are not exactly those that are read."""
    ATTRIBUTE_NOT_ACCEPTED = "attributeNotAccepted"
    """The attribute carries it, and the federation reads the AuthnContextClassRef alone."""
    CONTROL_NEVER_COUNTS = "customControlNeverCounts"


def missing_proof(
    *, class_refs: Iterable[str], attributes: Mapping[str, Iterable[str]], accepts_attribute: bool
) -> Missing | None:
    """Return what an assertion lacks; None where it carries the proof."""
    refs = tuple(class_refs)
    if proves_mfa(class_refs=refs, attributes=attributes, accepts_attribute=accepts_attribute):
        return None
    read = [value for name, values in attributes.items() if _last_word(name) in _ATTRIBUTES for value in values]
    meant = any(_last_word(value) == _VALUE for value in read)
    if any(_last_word(ref) == _VALUE for ref in refs) or (meant and accepts_attribute):
        return Missing.OTHER_SPELLING
    if meant:
        return Missing.ATTRIBUTE_NOT_ACCEPTED
    return Missing.OTHER_VALUE if refs or read else Missing.NO_PROOF


def _last_word(text: str) -> str:
    """What is left of a name or value without its namespace, its capitals and the spaces around it."""
    return text.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2].casefold()
