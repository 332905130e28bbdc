"""A tenant's policies: what it demands of a sign-in, and with which methods that may be met (V12 to V14)."""

from entra.policy.evaluate import Grant, PerUserMfaState, PolicyState
from entra.policy.models.authentication import AuthenticationPolicy, PerUserMfa, SecurityDefaults
from entra.policy.models.conditional_access import ConditionalAccessPolicy, CustomControl, NamedLocation

__all__ = [
    "AuthenticationPolicy",
    "ConditionalAccessPolicy",
    "CustomControl",
    "Grant",
    "NamedLocation",
    "PerUserMfa",
    "PerUserMfaState",
    "PolicyState",
    "SecurityDefaults",
]
