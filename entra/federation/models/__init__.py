"""Federated domains, the questions sent to third parties, and the answers that came back."""

from entra.federation.models.domain import FederatedDomain, MfaBehavior
from entra.federation.models.exchange import MESSAGE_ID_LENGTH, Answer, AskedQuestion, SpentMessage
from entra.federation.models.received import ReceivedAnswer, Reception, ThirdParty

__all__ = [
    "MESSAGE_ID_LENGTH",
    "Answer",
    "AskedQuestion",
    "FederatedDomain",
    "MfaBehavior",
    "ReceivedAnswer",
    "Reception",
    "SpentMessage",
    "ThirdParty",
]
