"""Grants, the codes and refresh tokens that stand for them, and sign-out messages on their way."""

from entra.oauth.models.grant import AuthorizationCode, Grant, RefreshToken
from entra.oauth.models.logout import LogoutMessage

__all__ = ["AuthorizationCode", "Grant", "LogoutMessage", "RefreshToken"]
