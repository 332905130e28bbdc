"""Who the provider is towards third parties: its SAML entity id, its addresses and its signing key."""

from django.conf import settings

from secretstore.certificates import KeyPair, generated_certificate

RETURN_PATH = "/login.srf"
CONTROL_RETURN_PATH = "/common/federation/controlreturn"


def entity_id() -> str:
    return f"{settings.ENTRA_URL}/saml/metadata"


def consumer_url() -> str:
    return f"{settings.ENTRA_URL}{RETURN_PATH}"


def control_return_url() -> str:
    return f"{settings.ENTRA_URL}{CONTROL_RETURN_PATH}"


def signing_pair() -> KeyPair:
    """The key that signs AuthnRequests and requests to custom controls. Its certificate is in the metadata."""
    return generated_certificate(settings.SECRETS_DIR, "entra-federation")
