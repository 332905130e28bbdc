"""Grants, what stands for them, devices that wait for one, and sign-out messages on their way."""

from entra.oauth.models.device import DeviceCode
from entra.oauth.models.grant import AuthorizationCode, Grant, RefreshToken
from entra.oauth.models.logout import LogoutMessage

__all__ = ["AuthorizationCode", "DeviceCode", "Grant", "LogoutMessage", "RefreshToken"]
