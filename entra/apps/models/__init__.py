"""Application registrations, what they prove themselves by, and what they were allowed."""

from entra.apps.models.application import Application
from entra.apps.models.credentials import ClientCertificate, ClientSecret, UsedAssertion
from entra.apps.models.grants import AppRoleGrant, ConsentGrant

__all__ = ["AppRoleGrant", "Application", "ClientCertificate", "ClientSecret", "ConsentGrant", "UsedAssertion"]
