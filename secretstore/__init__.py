"""Encrypted secrets: `seal` and `unseal` small values at rest, with key rotation; keys for other purposes."""

from secretstore.envelope import SecretUnreadable, purpose_keys, seal, unseal

__all__ = ["SecretUnreadable", "purpose_keys", "seal", "unseal"]
