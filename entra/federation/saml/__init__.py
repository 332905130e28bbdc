"""SAML 2.0, the service provider's half of the Web Browser SSO profile (saml-profiles-2.0-os 4.1)."""
