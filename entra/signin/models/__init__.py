"""What the provider knows of a browser: its session, the proofs given in it, and the request being answered."""

from entra.signin.method import Method, Source
from entra.signin.models.interaction import Interaction
from entra.signin.models.session import AuthenticationEvent, ProviderSession

__all__ = ["AuthenticationEvent", "Interaction", "Method", "ProviderSession", "Source"]
