"""Federated domains, and the questions sent to third parties with the answers that came back."""

from entra.federation.models.domain import FederatedDomain, MfaBehavior
from entra.federation.models.exchange import MESSAGE_ID_LENGTH, Answer, AskedQuestion, SpentMessage

__all__ = ["MESSAGE_ID_LENGTH", "Answer", "AskedQuestion", "FederatedDomain", "MfaBehavior", "SpentMessage"]
