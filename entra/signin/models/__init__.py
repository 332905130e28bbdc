"""What the provider knows of a browser: its session, the proofs given in it, the request being answered, the log."""

from entra.signin.method import Method, Source
from entra.signin.models.interaction import Interaction
from entra.signin.models.session import AuthenticationEvent, ProviderSession
from entra.signin.models.sign_in import ClientApp, PolicyStatus, Protocol, SignIn, SignInResult

__all__ = [
    "AuthenticationEvent",
    "ClientApp",
    "Interaction",
    "Method",
    "PolicyStatus",
    "Protocol",
    "ProviderSession",
    "SignIn",
    "SignInResult",
    "Source",
]
