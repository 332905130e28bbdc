"""Whether an assertion proves MFA (V8). Exact match only: nothing is trimmed, lowered or searched for."""

from collections.abc import Iterable, Mapping

from entra.federation.saml.names import AUTHN_METHODS_REFERENCES, MULTIPLE_AUTHN

_PROOFS = {
    ("authenticationmethodsreferences", "multipleauthn"),
    (AUTHN_METHODS_REFERENCES, MULTIPLE_AUTHN),
}
"""The attribute in its short and in its full spelling, each with its own value."""


def proves_mfa(*, class_refs: Iterable[str], attributes: Mapping[str, Iterable[str]], accepts_attribute: bool) -> bool:
    """Return whether the proof is in the AuthnContextClassRef or, where accepted, in the attribute."""
    if MULTIPLE_AUTHN in set(class_refs):
        return True
    held = {(name, value) for name, values in attributes.items() for value in values}
    return accepts_attribute and not _PROOFS.isdisjoint(held)
