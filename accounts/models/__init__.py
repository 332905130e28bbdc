"""What the portal stores about partners, people and their sessions."""

from accounts.models.bulk import BulkJob, BulkRow, JobState, RowState
from accounts.models.event import EventFeed, TokenSeen
from accounts.models.exemption import Exemption
from accounts.models.held import HeldPost, HeldUpload
from accounts.models.session import PortalSession, SessionTokens
from accounts.models.signin import Purpose, SignInRequest
from accounts.models.tenant import Cloud, PartnerTenant
from accounts.models.token_bar import TokenBar
from accounts.models.user import User

__all__ = [
    "BulkJob",
    "BulkRow",
    "Cloud",
    "EventFeed",
    "Exemption",
    "HeldPost",
    "HeldUpload",
    "JobState",
    "PartnerTenant",
    "PortalSession",
    "Purpose",
    "RowState",
    "SessionTokens",
    "SignInRequest",
    "TokenBar",
    "TokenSeen",
    "User",
]
