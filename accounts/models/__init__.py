"""What the portal stores about partners, people and their sessions."""

from accounts.models.exemption import Exemption
from accounts.models.held import HeldPost, HeldUpload
from accounts.models.session import PortalSession, SessionTokens
from accounts.models.signin import LogoutTokenSeen, Purpose, SignInRequest
from accounts.models.tenant import Cloud, PartnerTenant
from accounts.models.user import User

__all__ = [
    "Cloud",
    "Exemption",
    "HeldPost",
    "HeldUpload",
    "LogoutTokenSeen",
    "PartnerTenant",
    "PortalSession",
    "Purpose",
    "SessionTokens",
    "SignInRequest",
    "User",
]
