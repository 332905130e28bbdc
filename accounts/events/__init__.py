"""What the identity provider tells between sign-ins (OpenID CAEP 1.0): validated, applied once, kept current."""
