"""Encrypted secrets: `seal` and `unseal` small values at rest, with key rotation."""

from secretstore.envelope import SecretUnreadable, seal, unseal

__all__ = ["SecretUnreadable", "seal", "unseal"]
