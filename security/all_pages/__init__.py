"""What would change for a partner's people if every page of the portal asked for MFA."""
